"""Which wires are valid, and which layers are offered for a port."""

from __future__ import annotations

import pytest

from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.insertable_items import find_item, fits_port, insertable_items
from dlstudio.gui.canvas.model.link_rules import LinkError, LinkRules
from dlstudio.gui.canvas.overlays.fuzzy import score
from dlstudio.gui.canvas.scene.spatial_index import GridIndex
from tests.gui.canvas.canvas_pointer import chain


@pytest.fixture
def rules():
    project = chain("input", "relu", "tanh", "output")
    return LinkRules(project, project.graph)


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        (Edge("relu_1", "relu_1"), "itself"),
        (Edge("tanh_2", "relu_1"), "cycle"),
        (Edge("relu_1", "tanh_2"), "already wired"),
        (Edge("relu_1", "nowhere"), "no node"),
        (Edge("output_3", "relu_1"), "no output"),
        (Edge("relu_1", "input_0"), "no input"),
        (Edge("relu_1", "tanh_2", target_port="query"), "no input called 'query'"),
    ],
)
def test_invalid_wires_are_rejected_with_a_reason(rules, edge, reason):
    with pytest.raises(LinkError, match=reason):
        rules.check(edge)


def test_an_error_distinguishes_cards_with_the_same_title():
    project = chain("input", "relu", "relu", "tanh", "output")
    rules = LinkRules(project, project.graph)
    with pytest.raises(LinkError, match=r"^relu_1 already feeds relu_2: this would be a cycle$"):
        rules.check(Edge("relu_2", "relu_1"))
    with pytest.raises(LinkError, match=r"^relu_2 already feeds Tanh"):
        rules.check(Edge("tanh_3", "relu_2"))


def test_a_valid_wire_is_allowed_and_may_replace_itself(rules):
    assert rules.check(Edge("input_0", "output_3")).slot == 0
    assert rules.is_allowed(Edge("relu_1", "tanh_2"), replaced_key="relu_1.output>tanh_2.input#0")


def test_a_variadic_port_takes_the_next_slot():
    nodes = {
        node_id: Node(node_id, kind)
        for node_id, kind in (("a", "input"), ("b", "relu"), ("c", "tanh"), ("add", "add"))
    }
    edges = [Edge("a", "b"), Edge("a", "c"), Edge("b", "add", "output", "inputs", 0)]
    graph = Graph(nodes, {edge.key: edge for edge in edges})
    checked = LinkRules(Project(graph), graph).check(Edge("c", "add", "output", "inputs"))
    assert checked.slot == 1


def test_only_layers_that_fit_a_signal_are_offered():
    image, tokens = Signal((3, 32, 32), meaning="picture"), Signal((12,), "int64", "tokens")
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, image, from_output=True)
    }
    assert {"conv2d", "relu", "flatten"} <= offered
    assert not offered & {"input", "embedding", "conv1d"}
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, tokens, from_output=True)
    }
    assert "embedding" in offered
    assert "conv2d" not in offered
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, None, from_output=False)
    }
    assert "input" in offered
    assert "output" not in offered


def test_every_item_is_found_by_its_token():
    assert all(find_item(Project(), item.token) is item for item in insertable_items(Project()))
    assert find_item(Project(), "warp-drive") is None


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("conv2", "Conv2d", "ConvTranspose2d"),
        ("relu", "ReLU", "LeakyReLU"),
        ("cv2", "Conv2d", "ReLU"),
        ("soft", "Softmax", "Sigmoid"),
        ("batch norm", "BatchNorm2d", "LayerNorm"),
    ],
)
def test_the_closer_name_ranks_higher(query, better, worse):
    assert score(query, better) > score(query, worse)


def test_the_spatial_index_finds_overlapping_rectangles():
    from PySide6.QtCore import QRectF

    index: GridIndex[str] = GridIndex()
    index.put("near", QRectF(0, 0, 100, 50))
    index.put("far", QRectF(5000, 5000, 100, 50))
    index.put("flat", QRectF(0, 25, 9e5, 0))
    assert set(index.within(QRectF(50, 20, 10, 10))) == {"near", "flat"}
    index.put("near", QRectF(4990, 5000, 20, 50))
    assert set(index.within(QRectF(4900, 4900, 300, 300))) == {"near", "far"}
    index.discard("far")
    assert index.within(QRectF(5050, 5000, 10, 10)) == []
