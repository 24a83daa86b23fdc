"""Adding layers by kind."""

from __future__ import annotations

from dlstudio.design.model.model import Project


def test_added_kinds_are_wired_in_a_row(canvas):
    pointer = canvas(Project())
    for kind in ("input", "flatten", "linear", "output"):
        assert pointer.editor.add_kind(kind)
    assert pointer.wires == {
        ("input_1", "flatten_1"),
        ("flatten_1", "linear_1"),
        ("linear_1", "output_1"),
    }
    xs = [pointer.layout.positions[node_id][0] for node_id in pointer.graph.nodes]
    assert xs == sorted(xs)


def test_kind_added_after_a_wired_card_is_inserted_on_its_wire(network):
    network.click(network.centre("relu_1"))
    network.editor.add_kind("dropout")
    assert {("relu_1", "dropout_1"), ("dropout_1", "tanh_2")} <= network.wires


def test_unknown_kind_is_rejected_with_a_message(network, qtbot):
    with qtbot.waitSignal(network.document.message):
        assert not network.editor.add_kind("warp-drive")
