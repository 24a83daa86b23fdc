"""The search box for adding layers."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import move_nodes, remove_nodes
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.canvas.scene.hit_test import PortHit
from dlstudio.gui.style.theme import current_theme
from dlstudio.network.check.inference import Checker
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


def offered(pointer, text=""):
    """Open the search box with Tab, and return the titles offered for a text."""
    pointer.key(Qt.Key.Key_Tab)
    search = pointer.editor.overlays.search
    QTest.keyClicks(search.field, text)
    titles = [search.results.item(row).text() for row in range(search.results.count())]
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    return titles


def test_search_offers_first_what_suits_the_selected_card(canvas):
    pointer = canvas(chain("input", "conv2d"))
    pointer.document.set_report(checked(pointer.project))
    pointer.click(pointer.centre("conv2d_1"))
    pointer.move_to((500, 400))
    assert offered(pointer)[:4] == ["BatchNorm2d", "ReLU", "MaxPool2d", "Conv2d"]
    assert offered(pointer, "conv")[0] == "Conv2d"
    assert offered(pointer, "linear")[0] == "Linear"


def test_misfit_is_listed_in_grey_with_its_reason(canvas):
    pointer = canvas(chain("input", "conv2d"))
    pointer.document.set_report(checked(pointer.project))
    pointer.move_to(pointer.centre("conv2d_1"))
    pointer.key(Qt.Key.Key_Tab)
    search = pointer.editor.overlays.search
    QTest.keyClicks(search.field, "linear")
    assert search.results.item(0).foreground().color() == current_theme().colour("muted")
    hint = search.findChild(QLabel).text()
    assert hint.startswith("Does not fit here: Linear needs a flat list")


def checked(project):
    return Checker().check(project, info_of(project.data))


@pytest.mark.parametrize("seed", range(3))
def test_added_card_never_covers_another(canvas, seed):
    pointer, random = canvas(chain("input", "conv2d", "relu")), Random(seed)
    for _ in range(12):
        pointer.editor.open_search(
            SearchRequest(QPointF(random.randint(0, 600), random.randint(-100, 300)))
        )
        field = pointer.editor.overlays.search.field
        QTest.keyClicks(field, "relu")
        QTest.keyClick(field, Qt.Key.Key_Return)
    rects = [card.rect for card in pointer.editor.context.scene.cards.values()]
    assert len(rects) == 15
    assert not [pair for pair in combinations(rects, 2) if pair[0].intersects(pair[1])]
