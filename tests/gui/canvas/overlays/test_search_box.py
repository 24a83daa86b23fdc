"""The search box for adding layers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from dlstudio.design.edits import move_nodes, remove_nodes
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.canvas.scene.hit_test import PortHit
from tests.gui.canvas.canvas_pointer import NO, chain


def test_search_survives_the_removal_of_its_source_card(canvas):
    pointer = canvas(chain("input", "relu"))
    port = PortHit("relu_1", "output", output=True, centre=QPointF(300.0, 60.0))
    pointer.editor.open_search(SearchRequest(QPointF(300.0, 60.0), port=port))
    search = pointer.editor.overlays.search
    pointer.document.apply(remove_nodes(pointer.project, ("relu_1",)), "Remove")
    search.results.setCurrentRow(1)
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    assert search.isHidden()


def test_tab_opens_the_search_and_enter_adds_the_result(canvas):
    pointer = canvas(Project())
    assert pointer.editor.overlays.empty_hint.isVisible()
    pointer.key(Qt.Key.Key_Tab)
    field = pointer.editor.overlays.search.field
    assert pointer.editor.overlays.search.isVisible()
    QTest.keyClicks(field, "conv2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [node.kind for node in pointer.graph.nodes.values()] == ["conv2d"]
    assert not pointer.editor.overlays.empty_hint.isVisible()
    assert pointer.editor.overlays.search.isHidden()


def search_and_add(pointer, text):
    """Press Tab and add the first search result for `text`."""
    pointer.key(Qt.Key.Key_Tab)
    field = pointer.editor.overlays.search.field
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_tab_on_a_card_appends_each_layer_after_the_last_one(canvas):
    pointer = canvas(chain("input"))
    pointer.move_to(pointer.centre("input_0"))
    search_and_add(pointer, "relu")
    search_and_add(pointer, "tanh")
    assert pointer.wires == {("input_0", "relu_1"), ("relu_1", "tanh_1")}
    corners = list(pointer.layout.positions.values())
    assert len({x for x, _y in corners}) == len(corners)


def test_tab_on_empty_canvas_adds_an_unwired_card(network):
    network.click(network.centre("relu_1"))
    network.move_to((300, 300))
    search_and_add(network, "sigmoid")
    assert not [pair for pair in network.wires if "sigmoid_1" in pair]
    assert abs(network.centre("sigmoid_1")[1] - 300) < 20


def test_inserting_on_a_wire_does_not_move_its_source(canvas):
    pointer = canvas(chain("input", "relu"))
    positions = {"input_0": (0.0, 0.0), "relu_1": (260.0, 160.0)}
    pointer.document.apply(move_nodes(pointer.project, positions), "Move")
    edge = next(iter(pointer.graph.edges))
    pointer.editor.open_search(SearchRequest(QPointF(172.0, 160.0), wire=edge))
    field = pointer.editor.overlays.search.field
    QTest.keyClicks(field, "tanh")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pointer.layout.positions["input_0"] == (0.0, 0.0)
    assert pointer.layout.positions["relu_1"][0] > pointer.layout.positions["tanh_1"][0]


def test_arrow_keys_move_in_the_search_results_and_escape_closes_them(network):
    network.double_click((400, 250))
    field, results = network.editor.overlays.search.field, network.editor.overlays.search.results
    first = results.currentItem().text()
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert results.currentItem().text() != first
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert results.currentItem().text() == first
    before = network.project
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert network.editor.overlays.search.isHidden()
    assert network.project is before


def test_double_click_on_a_wire_inserts_a_layer(network):
    network.double_click(network.wire_centre("relu_1", "tanh_2"))
    QTest.keyClicks(network.editor.overlays.search.field, "gelu")
    QTest.keyClick(network.editor.overlays.search.field, Qt.Key.Key_Return)
    assert {("relu_1", "gelu_1"), ("gelu_1", "tanh_2")} <= network.wires


def test_tab_opens_the_search_box(network):
    assert network.view.focusNextPrevChild(True) is False
    network.key(Qt.Key.Key_Tab, NO)
    assert network.editor.overlays.search.isVisible()
