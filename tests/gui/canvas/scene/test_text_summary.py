from __future__ import annotations

from dlstudio.design.model.model import Edge, Graph, Node, Project


def test_summary_lists_an_unknown_kind_and_its_wire_is_drawn(canvas):
    nodes = {"a": Node("a", "input"), "b": Node("b", "quantum_gate")}
    edge = Edge("a", "b", "output", "qubits")
    pointer = canvas(Project(Graph(nodes, {edge.key: edge})))
    summary = pointer.editor.text_summary()
    assert "quantum_gate, unknown kind" in summary
    assert len(pointer.editor.context.scene.wires) == 1


def test_text_summary_follows_the_data_flow(network):
    lines = network.editor.text_summary().splitlines()
    assert lines[0] == "4 cards, 3 wires, 0 errors."
    assert [line.split(",")[0].rstrip(".") for line in lines[1:]][1:3] == ["ReLU", "Tanh"]
    assert "from Input" in lines[2]
