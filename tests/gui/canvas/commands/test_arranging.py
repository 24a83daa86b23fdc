"""Aligning, distributing and arranging cards."""

from __future__ import annotations

import pytest

from dlstudio.design.model.model import Edge, Graph
from tests.gui.canvas.canvas_pointer import chain


@pytest.mark.parametrize(
    ("alignment", "axis"),
    [("left", 0), ("centre", 0), ("right", 0), ("top", 1), ("middle", 1), ("bottom", 1)],
)
def test_align_gives_cards_the_same_coordinate(canvas, alignment, axis):
    pointer = canvas(chain("input", "relu", "tanh"))
    pointer.drag(pointer.centre("relu_1"), (pointer.centre("relu_1")[0], 300))
    pointer.document.set_selection({"input_0", "relu_1", "tanh_2"})
    pointer.editor.align(alignment)
    assert len({position[axis] for position in pointer.layout.positions.values()}) == 1


def test_distribute_makes_the_gaps_equal(canvas):
    pointer = canvas(chain("input", "relu", "tanh"))
    x, y = pointer.centre("relu_1")
    pointer.drag((x, y), (x + 100, y + 200))
    pointer.document.set_selection({"input_0", "relu_1", "tanh_2"})
    pointer.editor.distribute("horizontally")
    assert sorted(position[0] for position in pointer.layout.positions.values()) == [
        0.0,
        240.0,
        480.0,
    ]


def test_arrange_orders_cards_from_left_to_right(canvas):
    project = chain("output", "relu", "input", wired=False)
    edges = [Edge("input_2", "relu_1"), Edge("relu_1", "output_0")]
    graph = Graph(project.graph.nodes, {edge.key: edge for edge in edges})
    pointer = canvas(project.with_graph(graph))
    pointer.editor.arrange()
    positions = pointer.layout.positions
    assert positions["input_2"][0] < positions["relu_1"][0] < positions["output_0"][0]
    pointer.undo.undo()
    assert pointer.layout.positions == project.layouts[""].positions


def test_arrange_keep_does_not_move_placed_cards(network):
    x, y = network.centre("tanh_2")
    network.drag((x, y), (x + 300, y + 200))
    position = network.layout.positions["tanh_2"]
    network.editor.arrange_keep()
    assert network.layout.positions["tanh_2"] == position
