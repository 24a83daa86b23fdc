from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import remove_nodes
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def test_problems_are_counted_after_each_check(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    assert window.document.report.ok
    assert "no problems" in window.status_bar.problems.text()

    linear = next(
        node_id
        for node_id, node in window.document.project.graph.nodes.items()
        if node.kind == "linear"
    )
    window.document.apply(remove_nodes(window.document.project, (linear,)), "Remove")
    wait_until_checked(window, qtbot)

    count = len(window.document.report.problems)
    assert count > 0
    assert window.bottom.problem_count == count
    errors = [problem for problem in window.document.report.problems if problem.severity == "error"]
    assert window.status_bar.problems.text().startswith(f"{len(errors)} problem")


def test_next_problem_and_fix_actions_solve_all_problems(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-cnn")
    flatten = next(
        node_id
        for node_id, node in window.document.project.graph.nodes.items()
        if node.kind == "flatten"
    )
    window.document.try_edit(
        lambda project: remove_nodes(project, (flatten,), rewire=True), "Remove"
    )
    wait_until_checked(window, qtbot)
    assert not window.document.report.ok

    window.menus.trigger("next-problem")
    assert window.document.selection

    for _ in range(5):
        if window.document.report.ok:
            break
        window.menus.trigger("mend")
        wait_until_checked(window, qtbot)
    assert window.document.report.ok


def test_problem_message_is_cleared_when_fixed(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-cnn")
    graph, current_message = window.document.project.graph, window.status_bar.currentMessage
    flatten = next(node_id for node_id, node in graph.nodes.items() if node.kind == "flatten")
    window.document.set_selection([flatten])
    window.editor.setFocus()
    qtbot.keyClick(window.editor.view, Qt.Key.Key_Delete)
    for action, prefix in (("next-problem", ""), ("train", "2 problems prevent training")):
        wait_until_checked(window, qtbot)
        problem = window.document.report.problems[0]
        window.menus.trigger(action)
        assert current_message().startswith(prefix)
        assert problem.text in current_message() or problem.title in current_message()
        window.document.undo_stack.undo()
        wait_until_checked(window, qtbot)
        assert current_message() == ""
        window.document.undo_stack.redo()
    window.document.message.emit("Something else")
    window.document.undo_stack.undo()
    wait_until_checked(window, qtbot)
    assert current_message() == "Something else"


def test_train_reports_the_blocking_problem(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.add_kind("input")
    qtbot.waitUntil(lambda: bool(window.document.report.problems), timeout=60_000)
    window.menus.trigger("train")
    assert "prevents training" in window.status_bar.currentMessage()
    assert window.session.state == IDLE
