from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.files import load
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.questions import Answer
from dlstudio.training.events import Failed


def test_reset_in_the_middle_of_a_run_leaves_an_untrained_design(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("xor-mlp")
    session = window.session
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    window.menus.trigger("reset")
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    assert window.run_control.weights is None
    assert window.status_line.weights.text() == ""
    assert not window.run_control.unsaved_weights


def test_pause_can_be_asked_for_while_a_run_is_prepared(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    window.menus.trigger("train")
    assert window.session.state == "preparing"
    assert window.menus.actions["pause"].isEnabled()
    assert window.run_bar.buttons["pause"].isEnabled()
    window.menus.trigger("pause")
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    end_of(window, qtbot)


def train_for_long(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    window.session.continue_for(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)


def end_of(window: MainWindow, qtbot: QtBot) -> None:
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)


def test_a_run_that_closes_the_window_when_done_asks_for_a_file_first_and_nothing_at_its_end(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    train_for_long(window, qtbot)
    window.questions.training = Answer.GO_ON
    window.questions.path = tmp_path / "night.dlstudio"
    assert not window.close()
    assert window.document.path == tmp_path / "night.dlstudio"
    window.questions.asked.clear()
    end_of(window, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.questions.asked == []
    reference = load(tmp_path / "night.dlstudio").weights
    assert reference is not None
    assert (tmp_path / reference.file).is_file()


def test_without_a_file_the_window_stays_open_after_the_run(
    window: MainWindow, qtbot: QtBot
) -> None:
    train_for_long(window, qtbot)
    window.questions.training = Answer.GO_ON
    assert not window.close()
    assert "stays open" in window.status_line.currentMessage()
    end_of(window, qtbot)
    assert window.isVisible()


def test_a_run_that_failed_keeps_the_window_open(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    train_for_long(window, qtbot)
    window.questions.training = Answer.GO_ON
    window.questions.path = tmp_path / "night.dlstudio"
    assert not window.close()
    window.session.failed.emit(Failed("the disk is full"))
    end_of(window, qtbot)
    assert window.isVisible()
