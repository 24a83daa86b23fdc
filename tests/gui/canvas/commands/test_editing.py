"""Deleting, copying, pasting and connecting cards."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from dlstudio.design.edits import set_weights_from
from dlstudio.design.model.model import Project
from tests.gui.canvas.canvas_pointer import chain


def test_connect_selection_wires_two_cards(canvas):
    pointer = canvas(chain("input", "relu", wired=False))
    pointer.editor.select_all()
    pointer.editor.connect_selection()
    assert pointer.wires == {("input_0", "relu_1")}


def test_delete_removes_wires_and_rewire_reconnects_neighbours(network):
    network.click(network.centre("relu_1"))
    network.editor.delete_selection()
    assert network.wires == {("tanh_2", "output_3")}
    network.undo.undo()
    network.click(network.centre("relu_1"))
    network.editor.delete_and_rewire()
    assert ("input_0", "tanh_2") in network.wires


def test_cards_are_copied_as_text_between_canvases(network, canvas):
    network.drag((200, -80), (700, 120))
    network.editor.copy()
    assert QGuiApplication.clipboard().text().lstrip().startswith("{")
    other = canvas(Project())
    other.editor.paste()
    kinds = {node.kind for node in other.graph.nodes.values()}
    assert kinds == {"relu", "tanh"}
    assert len(other.wires) == 1
    assert other.document.selection == set(other.graph.nodes)


def test_foreign_text_is_not_pasted(network, qtbot):
    QGuiApplication.clipboard().setText("a shopping list")
    before = network.project
    with qtbot.waitSignal(network.document.message):
        network.editor.paste()
    assert network.project is before


def test_duplicate_adds_a_copy_and_cut_removes_it(network):
    network.click(network.centre("relu_1"))
    network.editor.duplicate()
    assert len(network.graph.nodes) == 5
    network.editor.cut()
    assert len(network.graph.nodes) == 4
    assert "relu_1" in network.graph.nodes


def test_pasted_layer_names_the_sharing_that_it_loses(canvas):
    project = set_weights_from(chain("linear", "linear", wired=False), "linear_1", "linear_0")
    pointer = canvas(project)
    pointer.document.set_selection({"linear_1"})
    pointer.editor.copy()
    messages = []
    pointer.document.message.connect(messages.append)
    pointer.editor.paste()
    assert messages[-1] == (
        "linear_1 now has its own weights: the layer that shared them was not copied"
    )
    (pasted,) = pointer.document.selection
    assert pointer.graph.nodes[pasted].weights_from is None
