from __future__ import annotations

from itertools import pairwise

import pytest

from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.edits import connect
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP
from dlstudio.design.model.model import Edge, Graph, Project
from tests.design import sample_graphs
from tests.design.arrange.wire_geometry import backward_wires, crossed_cards, overlaps

ARCHITECTURES = (
    "resnet50",
    "unet",
    "inception",
    "densenet",
    "transformer",
    "squeeze_and_excitation",
    "two_inputs",
)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_known_architectures_have_no_overlaps_or_crossed_cards(architecture: str) -> None:
    graph: Graph = getattr(sample_graphs, architecture)()
    positions = arrange(graph)
    assert positions.keys() == graph.nodes.keys()
    assert overlaps(positions) == []
    assert backward_wires(graph, positions) == []
    assert crossed_cards(graph, positions) == []


@pytest.mark.parametrize("seed", range(15))
def test_nested_branches_cross_no_cards(seed: int) -> None:
    graph = sample_graphs.series_parallel(seed, 16)
    positions = arrange(graph)
    assert overlaps(positions) == []
    assert backward_wires(graph, positions) == []
    assert crossed_cards(graph, positions) == []


@pytest.mark.parametrize("seed", range(10))
def test_any_graph_has_no_overlaps_and_runs_left_to_right(seed: int) -> None:
    graph = sample_graphs.random_graph(seed, 120)
    positions = arrange(graph)
    assert overlaps(positions) == []
    assert backward_wires(graph, positions) == []


def test_thousand_nodes_have_no_overlaps() -> None:
    graph = sample_graphs.thousand()
    positions = arrange(graph)
    assert overlaps(positions) == []
    assert crossed_cards(graph, positions) == []


def test_chain_is_spaced_like_appended_cards() -> None:
    corners = sorted(arrange(sample_graphs.chain(6)).values())
    assert {b[0] - a[0] for a, b in pairwise(corners)} == {CARD_SIZE[0] + COLUMN_GAP}
    assert len({y for _, y in corners}) == 1


def test_columns_are_widened_where_wires_would_cross_cards() -> None:
    graph = sample_graphs.series_parallel(5, 16)
    columns = sorted({x for x, _ in arrange(graph).values()})
    assert min(b - a for a, b in pairwise(columns)) > CARD_SIZE[0] + COLUMN_GAP
    assert crossed_cards(graph, arrange(graph)) == []


def test_cycle_can_be_arranged() -> None:
    project = connect(Project(graph=sample_graphs.chain(5)), Edge("relu_3", "relu_1"))
    positions = arrange(project.graph)
    assert overlaps(positions) == []
    assert len(positions) == 5


def test_larger_cards_get_larger_rows_and_columns() -> None:
    graph = sample_graphs.unet(2)
    sizes = dict.fromkeys(graph.nodes, (300.0, 200.0))
    positions = arrange(graph, sizes)
    corners = sorted(positions.values())
    assert min(abs(a[0] - b[0]) for a in corners for b in corners if a[0] != b[0]) > 300
    assert min(abs(a[1] - b[1]) for a in corners for b in corners if a[1] != b[1]) > 200


def test_fixed_cards_stay_and_the_others_move() -> None:
    graph = sample_graphs.resnet50()
    keep = {"relu_3": (1234.0, 567.0), "add_4": (5000.0, -300.0)}
    positions = arrange(graph, keep=keep)
    assert {node_id: positions[node_id] for node_id in keep} == keep
    assert overlaps(positions) == []


def test_arranging_is_repeatable() -> None:
    graph = sample_graphs.inception()
    assert arrange(graph) == arrange(graph)
    assert arrange(Graph()) == {}
