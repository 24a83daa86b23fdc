"""Positions of cards after grouping and ungrouping."""

from __future__ import annotations

from itertools import pairwise

from dlstudio.design import edits
from dlstudio.design.blocks import group, ungroup
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP
from dlstudio.design.model.model import Edge, Graph, Layout, Node, Project

PITCH = CARD_SIZE[0] + COLUMN_GAP
CHAIN = ("a", "b", "c", "d", "e")


def chain(**columns: float) -> Project:
    """Return five wired cards in a row; `columns` places further cards below them."""
    positions = {node_id: (PITCH * number, 0.0) for number, node_id in enumerate(CHAIN)}
    positions.update({node_id: (PITCH * number, 120.0) for node_id, number in columns.items()})
    wires = [Edge(source, target) for source, target in pairwise(CHAIN)]
    nodes = {node_id: Node(node_id, "relu") for node_id in positions}
    return Project(
        graph=Graph(nodes, {wire.key: wire for wire in wires}), layouts={"": Layout(positions)}
    )


def left_edge(project: Project, node_id: str) -> float:
    return project.layout_at().positions[node_id][0]


def test_cards_after_a_new_block_close_the_gap() -> None:
    project = chain()
    grouped, placement = group(project, ["b", "c", "d"])
    assert [left_edge(grouped, node_id) for node_id in ("a", placement, "e")] == [
        0.0,
        PITCH,
        2 * PITCH,
    ]
    assert ungroup(grouped, placement) == project


def test_notes_after_a_new_block_stay_beside_their_cards() -> None:
    project, end_note = edits.add_note(chain(), "the end", (4 * PITCH + 10, -90.0))
    project, start_note = edits.add_note(project, "the start", (10.0, -90.0))
    grouped, placement = group(project, ["b", "c", "d"])
    notes = grouped.layout_at().notes
    assert notes[end_note].x == left_edge(grouped, "e") + 10
    assert notes[start_note].x == 10.0
    assert ungroup(grouped, placement) == project


def test_branch_beside_the_new_block_keeps_its_position() -> None:
    project = chain(beside=2)
    grouped, placement = group(project, ["b", "c", "d"])
    assert (left_edge(grouped, "beside"), left_edge(grouped, "e")) == (2 * PITCH, 4 * PITCH)
    assert ungroup(grouped, placement) == project


def test_closing_the_gap_does_not_cover_cards() -> None:
    project = edits.move_nodes(chain(below=1), {"e": (3 * PITCH + 30, 120.0)})
    grouped, _ = group(project, ["b", "c", "d"])
    assert left_edge(grouped, "e") == 3 * PITCH + 30


def test_wire_into_a_new_block_stays_straight() -> None:
    project = chain(above=2)
    project = edits.move_nodes(project, {"above": (2 * PITCH, -120.0)})
    project = edits.connect(edits.connect(project, Edge("b", "above")), Edge("above", "d"))
    grouped, placement = group(project, ["b", "c", "above", "d"])
    assert grouped.layout_at().positions[placement] == (PITCH, 0.0)
    assert ungroup(grouped, placement) == project


def test_cards_after_a_block_move_when_its_repeats_are_ungrouped() -> None:
    grouped, placement = group(chain(), ["b", "c", "d"])
    ungrouped = ungroup(edits.set_settings(grouped, [placement], {"repeat": 2}), placement)
    positions = ungrouped.layout_at().positions
    assert sorted(x for x, _ in positions.values()) == [PITCH * number for number in range(8)]
    assert left_edge(ungrouped, "e") == 7 * PITCH
