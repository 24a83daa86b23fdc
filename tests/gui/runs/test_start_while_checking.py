"""Train, pressed before the design has been checked, starts after the check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import remove_nodes
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.gui.runs.session import IDLE, PREPARING
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.readiness.rules import resources
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.panel_designs import broken_network

LONG = 60_000


def open_unchecked(window: MainWindow, folder: Path) -> None:
    """Open a design that is no example, so that its check takes a moment."""
    project = load(example_path("digits-mlp"))
    edited = replace(project, training=replace(project.training, batch_size=31))
    save(edited, folder / "own.dlstudio")
    window.files.show_file(folder / "own.dlstudio")


def test_example_starts_without_waiting_for_a_check(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    assert not window.checker.is_current
    assert window.document.is_checked
    report = window.document.report
    assert report.nodes["linear_1"].outputs["output"].shape == (64,)
    with qtbot.waitSignal(window.session.about_to_start, timeout=100):
        window.menus.trigger("train")
    with qtbot.waitSignal(window.session.started, timeout=LONG):
        pass
    window.session.stop()
    wait_until_checked(window, qtbot)
    assert window.document.report is report, "the check confirmed it"


def test_edit_of_an_example_is_checked(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    document = window.document
    document.try_edit(lambda project: remove_nodes(project, ["linear_1"]), "Delete")
    assert not document.is_checked
    wait_until_checked(window, qtbot)
    assert document.is_checked
    assert "linear_1" not in document.report.nodes


def test_network_that_may_not_fit_in_memory_waits_for_its_check(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("gpt-3")
    assert len(window.document.report.nodes) > 700
    assert not window.document.is_checked
    wait_until_checked(window, qtbot)
    problems = {problem.code: problem for problem in window.document.report.problems}
    assert not any(problem.is_contradiction for problem in problems.values())
    assert problems["memory"].prevents_training


def test_train_explains_that_the_memory_does_not_suffice(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "available_memory", lambda _device: 1000)
    window.files.open_example("digits-mlp")
    document = window.document
    document.try_edit(lambda project: remove_nodes(project, ["relu_1"]), "Delete")
    document.undo_stack.undo()
    wait_until_checked(window, qtbot)
    qtbot.waitUntil(lambda: document.report.ok and bool(document.report.problems), timeout=LONG)
    with qtbot.waitSignal(window.session.rejected) as rejected:
        window.menus.trigger("train")
    assert "Training needs" in rejected.args[0]
    assert window.session.state == IDLE


def test_run_of_an_opened_design_starts_after_its_check(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_unchecked(window, tmp_path)
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


def test_stop_cancels_the_start(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_unchecked(window, tmp_path)
    window.menus.trigger("train")
    window.session.stop()
    assert window.session.state == IDLE
    wait_until_checked(window, qtbot)
    assert window.session.state == IDLE
    assert window.session.run.started is None


def test_failed_check_cancels_the_start(window: MainWindow, tmp_path: Path) -> None:
    open_unchecked(window, tmp_path)
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
