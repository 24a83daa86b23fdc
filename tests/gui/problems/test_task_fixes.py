"""Fixes that add many cards or replace the design."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def test_fixes_build_a_gan_and_can_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    start = window.document.project
    training = replace(start.training, task="adversarial")
    window.document.apply(replace(start, training=training), "Task")
    for _ in range(10):
        wait_until_checked(window, qtbot)
        if window.document.report.ok:
            break
        window.menus.trigger("mend")
    assert window.document.report.ok
    assert len(window.document.project.graph.nodes) == 15
    while window.document.undo_stack.canUndo():
        window.document.undo_stack.undo()
    wait_until_checked(window, qtbot)
    assert window.document.project is start


def test_fix_by_an_example_replaces_the_design_and_can_be_undone(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    start = window.document.project
    training = replace(start.training, task="segmentation")
    window.document.apply(replace(start, training=training), "Task")
    wait_until_checked(window, qtbot)
    repairs = [repair for problem in window.document.report.problems for repair in problem.repairs]
    repair = next(candidate for candidate in repairs if candidate.edit == "take_example")
    assert window.document.repair(repair)
    wait_until_checked(window, qtbot)
    assert window.document.report.ok
    shipped = load(example_path("segment-shapes"))
    assert window.document.project.graph == shipped.graph
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    wait_until_checked(window, qtbot)
    assert window.document.project is start
