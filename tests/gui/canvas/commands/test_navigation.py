"""Moving the selection from card to card."""

from __future__ import annotations


def test_arrow_navigation_follows_the_wires(network):
    network.editor.select_neighbour("right")
    assert network.document.selection == {"input_0"}
    network.editor.select_neighbour("right")
    network.editor.select_neighbour("right")
    assert network.document.selection == {"tanh_2"}
    network.editor.select_neighbour("left")
    assert network.document.selection == {"relu_1"}


def test_next_and_previous_wrap_around(network):
    selections = []
    for _ in range(5):
        network.editor.select_neighbour("next")
        selections.extend(network.document.selection)
    assert selections == ["input_0", "relu_1", "tanh_2", "output_3", "input_0"]
    network.editor.select_neighbour("previous")
    assert network.document.selection == {"output_3"}
