"""Train, pressed before the design has been checked, starts after the check."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.edits import remove_nodes
from dlstudio.design.library.files import save
from dlstudio.gui.runs.session import IDLE, PREPARING
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.panel_designs import broken_network

LONG = 60_000


def test_run_of_an_opened_design_starts_after_its_check(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    assert not window.document.is_checked
    assert window.menus.actions["train"].isEnabled()
    assert window.run_bar.buttons["train"].isEnabled()
    with qtbot.waitSignal(window.session.started, timeout=LONG):
        window.menus.trigger("train")
        assert window.session.state == PREPARING
        assert "Checking" in window.run_bar.status.chips["epoch"].text()
    assert window.document.is_checked
    window.session.stop()


def test_design_that_turns_out_to_be_broken_is_not_trained(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    save(broken_network(), tmp_path / "broken.dlstudio")
    window.files.show_file(tmp_path / "broken.dlstudio")
    with qtbot.waitSignal(window.session.rejected, timeout=LONG):
        window.menus.trigger("train")
    assert window.session.state == IDLE
    assert not window.run_bar.buttons["train"].isEnabled()


def test_stop_cancels_the_start(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    window.menus.trigger("train")
    window.session.stop()
    assert window.session.state == IDLE
    wait_until_checked(window, qtbot)
    assert window.session.state == IDLE
    assert window.session.run.started is None


def test_failed_check_cancels_the_start(window: MainWindow) -> None:
    window.files.open_example("digits-mlp")
    window.menus.trigger("train")
    window.checker.failed.emit("The check stopped: out of memory", "")
    assert window.session.state == IDLE


def test_edit_just_before_train_is_checked_first(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    linear = next(
        name for name, node in window.document.project.graph.nodes.items() if node.kind == "linear"
    )
    window.document.apply(remove_nodes(window.document.project, (linear,)), "Remove")
    with qtbot.waitSignal(window.session.rejected, timeout=LONG):
        window.session.train()
    assert window.session.state == IDLE
