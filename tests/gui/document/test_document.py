from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group
from dlstudio.design.edits import (
    EditError,
    add_node,
    append_after,
    move_nodes,
    remove_nodes,
    set_project_title,
)
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.design.model.problems import Repair
from dlstudio.gui.document.document import Document


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    document = Document()
    document.try_edit(lambda project: append_after(project, None, "input"), "Add Input")
    return document


def test_edit_can_be_undone(document: Document) -> None:
    before = document.project

    added = document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")

    assert added in document.project.graph.nodes
    after = document.project
    document.undo_stack.undo()
    assert document.project is before
    document.undo_stack.redo()
    assert document.project is after


def test_thousand_steps_can_be_undone_and_redone(document: Document) -> None:
    start = document.project
    for step in range(1200):
        if step % 3:
            document.apply(set_project_title(document.project, f"step {step}"), "Rename")
        else:
            document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")
    end = document.project

    while document.undo_stack.canUndo() and document.project is not start:
        document.undo_stack.undo()

    assert document.project is start
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.project is end


def test_edits_with_the_same_merge_key_are_one_undo_step(document: Document) -> None:
    node = next(iter(document.project.graph.nodes))
    count = document.undo_stack.count()
    start = document.project.layout_at().positions[node]

    for x in range(1, 20):
        moved = move_nodes(document.project, {node: (float(x), 3.0)})
        document.apply(moved, "Move", merge="drag 1")
    document.apply(move_nodes(document.project, {node: (99.0, 3.0)}), "Move", merge="drag 2")

    assert document.undo_stack.count() == count + 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.layout_at().positions[node] == start


def test_merging_ends_where_undo_must_return(document: Document) -> None:
    node = next(iter(document.project.graph.nodes))
    for x in (1.0, 2.0):
        document.apply(move_nodes(document.project, {node: (x, 0.0)}), "Move", merge="drag")
    trained = document.project
    document.end_merging()
    for x in (3.0, 4.0):
        document.apply(move_nodes(document.project, {node: (x, 0.0)}), "Move", merge="drag")
    document.undo_stack.undo()
    assert document.project == trained


def test_merged_edits_without_effect_leave_no_undo_step(document: Document) -> None:
    node = next(iter(document.project.graph.nodes))
    start = document.project.layout_at().positions[node]
    count = document.undo_stack.count()

    for position in ((50.0, 50.0), start):
        document.apply(move_nodes(document.project, {node: position}), "Move", merge="drag")

    assert document.project.layout_at().positions[node] == start
    document.undo_stack.undo()
    assert document.undo_stack.index() <= count


def test_edit_without_effect_adds_no_undo_step(document: Document) -> None:
    count = document.undo_stack.count()

    document.apply(document.project, "Nothing")

    assert document.undo_stack.count() == count


def test_failing_edit_emits_a_message(document: Document, qtbot: QtBot) -> None:
    def impossible(_project: Project) -> Project:
        raise EditError("There is no such layer")

    with qtbot.waitSignal(document.message) as emitted:
        assert document.try_edit(impossible, "Try") is None
    assert emitted.args == ["There is no such layer"]


def test_inapplicable_repair_emits_a_message(document: Document, qtbot: QtBot) -> None:
    repair = Repair("Remove it", "remove", {"scope": "", "node": "gone_1", "rewire": True})

    with qtbot.waitSignal(document.message):
        assert not document.repair(repair)


def test_project_changed_contains_old_and_new_values(document: Document) -> None:
    changes: list[object] = []
    document.project_changed.connect(lambda change: changes.append(change.section("node")))
    node = document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")

    document.undo_stack.undo()

    assert changes[0][node][0] is None
    assert changes[1][node][1] is None


def test_selection_contains_only_existing_nodes(document: Document) -> None:
    node = next(iter(document.project.graph.nodes))

    document.set_selection({node, "nothing_9", "note:none"})
    assert document.selection == {node}

    document.apply(remove_nodes(document.project, (node,)), "Remove")
    assert document.selection == frozenset()


def test_document_is_clean_only_at_the_saved_state(document: Document) -> None:
    document.set_clean()
    assert document.is_clean

    document.undo_stack.undo()
    assert not document.is_clean
    document.undo_stack.redo()
    assert document.is_clean
    document.mark_unsaved()
    assert not document.is_clean


def test_loading_clears_undo_stack_and_selection(document: Document, tmp_path: Path) -> None:
    document.set_selection(document.project.graph.nodes)

    document.load(Project(title="other"), tmp_path / "other.dlstudio")

    assert document.selection == frozenset()
    assert not document.undo_stack.canUndo()
    assert document.is_clean
    assert document.name == "other.dlstudio"


def test_document_without_a_file_has_a_name(qtbot: QtBot) -> None:
    document = Document()
    assert document.name == "untitled.dlstudio"
    for path in ("/data/iris.csv", "C:\\\\data\\\\iris.csv"):
        document.load(Project(data=DataSettings("csv", {"path": path})), None)
        assert document.name == "iris.dlstudio"
    document.load(Project(title="Digits"), None)
    assert document.name == "Digits.dlstudio"
    document.load(Project(title="Digits"), None, "digits-mlp")
    assert document.name == "digits-mlp.dlstudio"


def test_undoing_a_block_leaves_its_scope_before_signals_are_emitted(document: Document) -> None:
    relu = document.try_edit(lambda project: append_after(project, "input_1", "relu"), "Add")
    document.try_edit(lambda project: group(project, [relu], "Stage"), "Group")
    (block,) = document.project.blocks
    document.set_scope(block)
    document.set_selection({relu})
    assert document.selection
    states: list[tuple[str, int]] = []

    def record_state(_value: object) -> None:
        scope = document.scope
        states.append((scope, len(document.project.graph_at(scope).nodes)))

    for signal in (document.project_changed, document.scope_changed, document.selection_changed):
        signal.connect(record_state)
    document.undo_stack.undo()

    assert set(states) == {("", 2)}
    assert len(states) == 3
    assert document.selection == frozenset()


def test_reference_to_weights_is_no_undo_step(document: Document) -> None:
    graph = document.project.graph
    document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")
    count, edited = document.undo_stack.count(), document.project.graph
    reference = WeightsRef("a.safetensors", "sha256:00")
    with_reference: list[WeightsRef | None] = []
    document.project_changed.connect(lambda change: with_reference.append(document.project.weights))
    document.set_weights(reference)
    document.set_weights(reference)
    assert with_reference == [reference]
    assert document.undo_stack.count() == count
    document.undo_stack.undo()
    assert document.project.graph is graph
    assert document.project.weights == reference
    document.undo_stack.redo()
    assert document.project.graph is edited
    assert document.project.weights == reference
