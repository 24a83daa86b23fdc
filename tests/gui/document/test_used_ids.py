"""A removed layer's id is never given to another one, and pasted layers share only among them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design.commands.clipboard import (
    copy,
    duplicate,
    layers_losing_shared_weights,
    paste,
)
from dlstudio.design.editing.blocks.grouping import group
from dlstudio.design.editing.blocks.ungrouping import ungroup
from dlstudio.design.edits import (
    add_node,
    append_after,
    remove_nodes,
    set_weights_from,
)
from dlstudio.design.library.files import FileError, dumps, load, loads, save
from dlstudio.design.model.identifiers import split_id
from dlstudio.design.model.model import TOP, Project
from dlstudio.gui.document.document import Document


def add(document: Document, kind: str = "linear", scope: str = TOP) -> str:
    node_id = document.try_edit(lambda project: add_node(project, kind, scope=scope), "Add")
    assert node_id is not None
    return node_id


def remove(document: Document, *ids: str) -> None:
    document.try_edit(lambda project: remove_nodes(project, ids), "Delete")


@pytest.fixture
def document(qtbot: object) -> Document:
    return Document()


def test_new_layer_does_not_get_the_id_of_a_deleted_one(document: Document) -> None:
    first, second = add(document), add(document)
    remove(document, second)
    assert add(document) == "linear_3"
    remove(document, first)
    assert add(document) == "linear_4"


def test_new_layer_does_not_get_the_id_of_one_whose_addition_was_undone(
    document: Document,
) -> None:
    assert add(document) == "linear_1"
    document.undo_stack.undo()
    assert add(document) == "linear_2"


def test_undoing_a_deletion_brings_the_same_layer_back(document: Document) -> None:
    first = add(document)
    remove(document, first)
    document.undo_stack.undo()
    assert list(document.project.graph.nodes) == [first]
    assert add(document) == "linear_2"


def test_ids_stay_used_after_saving_and_opening(document: Document, tmp_path: Path) -> None:
    for _ in range(3):
        add(document)
    remove(document, "linear_2", "linear_3")
    file = tmp_path / "a.dlstudio"
    save(document.complete_project, file)
    reopened = Document(load(file))
    assert reopened.project == document.project
    assert add(reopened) == "linear_4"


def test_file_names_used_ids_only_where_it_must() -> None:
    project, first = add_node(Project(), "linear")
    project, second = add_node(project, "linear")
    document = Document(project)
    remove(document, first)
    assert "used_ids" not in dumps(document.complete_project)
    remove(document, second)
    text = dumps(document.complete_project)
    assert '"used_ids"' in text
    assert '"version": 2' in text
    assert loads(text).used_ids == {TOP: {"linear": 2}}


@pytest.mark.parametrize("wrong", ["-1", "true", '"x"', "1e30", "99999999999"])
def test_impossible_numbers_are_rejected(wrong: str) -> None:
    project, node_id = add_node(Project(), "linear")
    document = Document(project)
    remove(document, node_id)
    text = dumps(document.complete_project).replace('"linear": 1', f'"linear": {wrong}')
    with pytest.raises(FileError, match="used_ids"):
        loads(text)


def test_cut_and_pasted_layer_is_a_new_one(document: Document) -> None:
    layer = add(document)
    text = copy(document.project, [layer])
    remove(document, "linear_1")
    pasted = document.try_edit(lambda project: paste(project, text), "Paste")
    assert pasted == ("linear_2",)


def test_blocks_count_their_own_layers_and_grouping_restores_ids(document: Document) -> None:
    ids = [add(document), add(document)]
    placement = document.try_edit(lambda project: group(project, ids), "Group")
    assert placement is not None
    assert add(document, scope="block") == "linear_3"
    document.try_edit(lambda project: remove_nodes(project, ["linear_3"], scope="block"), "Del")
    assert add(document, scope="block") == "linear_4"
    document.try_edit(lambda project: ungroup(project, placement), "Ungroup")
    assert set(ids) < set(document.project.graph.nodes)
    again = document.try_edit(lambda project: group(project, ids), "Group")
    assert again not in {None, placement}


@pytest.mark.parametrize("seed", range(12))
def test_no_id_ever_stands_for_two_layers(document: Document, seed: int) -> None:
    """Random edits, undone and redone: each id belongs to one act of adding."""
    rng = random.Random(seed)
    owner: dict[str, int] = {}
    for act in range(120):
        before = set(document.project.graph.nodes)
        kind = rng.choice(("add", "add", "paste", "delete", "undo", "redo"))
        if kind == "add":
            add(document, rng.choice(("linear", "relu")))
        elif kind == "paste" and before:
            text = copy(document.project, rng.sample(sorted(before), 1))
            document.try_edit(lambda project, text=text: paste(project, text), "Paste")
        elif kind == "delete" and before:
            remove(document, rng.choice(sorted(before)))
        elif kind == "undo":
            document.undo_stack.undo()
        elif kind == "redo":
            document.undo_stack.redo()
        created = set(document.project.graph.nodes) - before
        if kind in {"add", "paste"}:
            for node_id in created:
                assert node_id not in owner, (act, node_id)
                owner[node_id] = act
        assert set(document.project.graph.nodes) <= set(owner)


@pytest.mark.parametrize(
    ("node_id", "parts"),
    [
        ("conv2d_1", ("conv2d", 1)),
        ("layer_2_10", ("layer_2", 10)),
        ("encoder", ("encoder", 0)),
        ("a_01", ("a_01", 0)),
        ("conv2d", ("conv2d", 0)),
    ],
)
def test_id_has_a_stem_and_a_number(node_id: str, parts: tuple[str, int]) -> None:
    assert split_id(node_id) == parts


def tied_project() -> Project:
    project, _ = append_after(Project(), None, "input")
    project, first = append_after(project, "input_1", "linear")
    project, second = append_after(project, first, "linear")
    return set_weights_from(project, second, first)


def test_pasted_layer_does_not_share_weights_with_a_stranger() -> None:
    text = copy(tied_project(), ["linear_2"])
    for other in (tied_project(), Project()):
        after, (pasted,) = paste(other, text)
        assert after.graph.nodes[pasted].weights_from is None
    assert layers_losing_shared_weights(text) == ("linear_2",)


def test_sharing_inside_the_pasted_part_is_kept() -> None:
    text = copy(tied_project(), ["linear_1", "linear_2"])
    after, (first, second) = paste(tied_project(), text)
    assert after.graph.nodes[second].weights_from == first
    assert layers_losing_shared_weights(text) == ()


def test_duplicate_keeps_sharing_with_its_neighbour() -> None:
    after, (copied,) = duplicate(tied_project(), ["linear_2"])
    assert after.graph.nodes[copied].weights_from == "linear_1"


def test_used_ids_do_not_make_designs_differ() -> None:
    project = tied_project()
    assert replace(project, used_ids={TOP: {"linear": 9}}) == project
