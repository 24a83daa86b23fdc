from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.library.files import load
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.protocol.events import Failed


def test_reset_during_a_run_leaves_an_untrained_design(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    session = window.session
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    window.menus.trigger("reset")
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    assert window.run_controller.weights is None
    assert window.status_bar.weights.text() == "untrained"
    assert not window.run_controller.unsaved_weights


def test_pause_works_while_a_run_is_preparing(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    window.menus.trigger("train")
    assert window.session.state == "preparing"
    assert window.menus.actions["pause"].isEnabled()
    assert window.run_bar.buttons["pause"].isEnabled()
    window.menus.trigger("pause")
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    stop_and_wait(window, qtbot)


def train_for_long(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    window.session.train_more(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)


def stop_and_wait(window: MainWindow, qtbot: QtBot) -> None:
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)


def test_closing_after_the_run_saves_to_the_chosen_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    train_for_long(window, qtbot)
    window.prompts.stop_training = Answer.CONTINUE
    window.prompts.path = tmp_path / "night.dlstudio"
    assert not window.close()
    assert window.document.path == tmp_path / "night.dlstudio"
    window.prompts.calls.clear()
    stop_and_wait(window, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.prompts.calls == []
    reference = load(tmp_path / "night.dlstudio").weights
    assert reference is not None
    assert (tmp_path / reference.file).is_file()


def test_window_without_a_file_stays_open_after_the_run(window: MainWindow, qtbot: QtBot) -> None:
    train_for_long(window, qtbot)
    window.prompts.stop_training = Answer.CONTINUE
    assert not window.close()
    assert "stays open" in window.status_bar.currentMessage()
    stop_and_wait(window, qtbot)
    assert window.isVisible()


def test_failed_run_keeps_the_window_open(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    train_for_long(window, qtbot)
    window.prompts.stop_training = Answer.CONTINUE
    window.prompts.path = tmp_path / "night.dlstudio"
    assert not window.close()
    window.session.failed.emit(Failed("the disk is full"))
    stop_and_wait(window, qtbot)
    assert window.isVisible()
