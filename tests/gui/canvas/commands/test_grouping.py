from __future__ import annotations


def test_blocks_are_created_entered_left_and_ungrouped(network):
    before = network.project.graph
    network.document.set_selection({"relu_1", "tanh_2"})
    network.editor.group()
    (block,) = network.document.selection
    assert network.graph.nodes[block].kind == "block"
    assert len(network.graph.nodes) == 3
    network.double_click(network.centre(block))
    assert network.document.scope
    assert {node.kind for node in network.graph.nodes.values()} >= {"relu", "tanh"}
    network.editor.leave_block()
    assert network.document.selection == {block}
    network.editor.ungroup()
    assert {node.kind for node in network.graph.nodes.values()} == {
        node.kind for node in before.nodes.values()
    }
    assert len(network.wires) == 3
