from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group
from dlstudio.design.edits import add_node, change_kind, remove_nodes, set_settings
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
    assert all(problem.incomplete for problem in errors)
    assert window.status_bar.missing.text() == f"{len(errors)} to complete"
    assert not window.status_bar.problems.isVisible()


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
    for action, prefix in (("next-problem", ""), ("train", "The network is not complete yet: ")):
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
    wait_until_checked(window, qtbot)
    assert window.document.report.problems
    window.menus.trigger("train")
    assert window.status_bar.currentMessage() == "The network is not complete yet: No Output"
    assert window.session.state == IDLE


def two_problems(window: MainWindow, qtbot: QtBot) -> tuple[str, str]:
    """Open a design with an invalid setting and a card without wires; return both ids."""
    window.files.open_example("digits-mlp")
    document = window.document
    first = next(name for name, node in document.project.graph.nodes.items() if node.kind == "relu")
    document.try_edit(lambda project: change_kind(project, first, "softmax", {"axis": 9}), "Break")
    added = document.try_edit(lambda project: add_node(project, "relu", (0.0, 900.0)), "Add")
    assert added is not None
    wait_until_checked(window, qtbot)
    return first, added[1]


def is_broken(window: MainWindow, node_id: str) -> bool:
    return window.document.project.graph.nodes[node_id].settings.get("axis") == 9


def is_wired(window: MainWindow, node_id: str) -> bool:
    edges = window.document.project.graph.edges.values()
    return any(node_id in (edge.source, edge.target) for edge in edges)


def test_fix_concerns_the_selected_card_only(window: MainWindow, qtbot: QtBot) -> None:
    first, second = two_problems(window, qtbot)
    window.document.set_selection((second,))
    window.menus.trigger("mend")
    assert is_broken(window, first)
    assert second not in window.document.project.graph.nodes or is_wired(window, second)
    wait_until_checked(window, qtbot)
    window.document.set_selection(("linear_1",))
    window.menus.trigger("mend")
    assert is_broken(window, first)
    window.document.set_selection(())
    for _ in range(8):
        window.menus.trigger("mend")
        wait_until_checked(window, qtbot)
    assert not is_broken(window, first)


def test_fix_waits_for_the_check_of_the_last_edit(window: MainWindow, qtbot: QtBot) -> None:
    first, second = two_problems(window, qtbot)
    document = window.document
    document.try_edit(lambda project: set_settings(project, (first,), {"axis": -1}), "By hand")
    assert not window.checker.is_current
    window.problem_navigator.apply_fix()
    assert document.project.graph.nodes[first].settings["axis"] == -1
    assert not is_wired(window, second)
    qtbot.waitUntil(
        lambda: second not in document.project.graph.nodes or is_wired(window, second),
        timeout=20_000,
    )
    assert document.project.graph.nodes[first].settings["axis"] == -1


def test_fix_inside_a_block_concerns_its_selected_card(window: MainWindow, qtbot: QtBot) -> None:
    first, second = two_problems(window, qtbot)
    document = window.document
    document.try_edit(lambda project: group(project, (first,)), "Group")
    document.set_scope(next(iter(document.project.blocks)))
    wait_until_checked(window, qtbot)
    (inner,) = (
        n.id
        for n in document.project.graph_at(document.scope).nodes.values()
        if n.kind == "softmax"
    )
    document.set_selection((inner,))
    window.menus.trigger("mend")
    assert document.project.graph_at(document.scope).nodes[inner].settings.get("axis") != 9
    assert not is_wired(window, second)
