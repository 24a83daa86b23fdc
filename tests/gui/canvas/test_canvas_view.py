"""What the view shows of a design by itself: at opening, while dragging, in the mini-map."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from dlstudio.design.edits import insert_on_edge, move_nodes
from dlstudio.gui.canvas.camera import LEGIBLE_SCALE, OPENING_SCALE
from dlstudio.gui.document import Document
from tests.gui.canvas.canvas_pointer import NO, chain

LONG = ("input", *["relu"] * 20, "output")


@pytest.fixture
def long_chain(canvas):
    return canvas(chain(*LONG))


def test_a_short_network_is_opened_whole(network):
    camera, stage = network.editor.stage.camera, network.editor.stage
    assert camera.scale == 1.0
    assert camera.visible(stage.size).contains(stage.scene.bounds())
    assert network.editor.overlays.minimap.isHidden()


def test_a_long_network_is_opened_legibly_at_its_beginning(long_chain):
    stage = long_chain.editor.stage
    seen = stage.camera.visible(stage.size)
    assert stage.camera.scale == OPENING_SCALE
    assert seen.contains(stage.scene.cards["input_0"].rect)
    assert not seen.contains(stage.scene.cards["output_21"].rect)
    assert long_chain.editor.overlays.minimap.isVisible()
    long_chain.editor.zoom_fit()
    assert stage.camera.visible(stage.size).contains(stage.scene.bounds())
    assert long_chain.editor.overlays.minimap.isHidden()


def test_a_network_of_ten_cards_is_opened_whole(canvas):
    stage = canvas(chain("input", *["relu"] * 8, "output")).editor.stage
    assert LEGIBLE_SCALE <= stage.camera.scale < OPENING_SCALE
    assert stage.camera.visible(stage.size).contains(stage.scene.bounds())


def splice(pointer, key):
    pointer.document.try_edit(lambda project: insert_on_edge(project, key, "gelu"), "Splice")


def test_a_network_that_was_seen_whole_stays_so_when_it_grows(network):
    stage = network.editor.stage
    splice(network, "relu_1.output>tanh_2.input#0")
    splice(network, "relu_1.output>gelu_1.input#0")
    assert "gelu_2" in network.graph.nodes
    assert stage.camera.visible(stage.size).contains(stage.scene.bounds())
    network.view.zoom(2.0)
    before = stage.camera.scale, stage.camera.offset
    splice(network, "tanh_2.output>output_3.input#0")
    assert (stage.camera.scale, stage.camera.offset) == before


def test_a_presentation_is_large_and_gives_the_earlier_view_back(network):
    stage, opening = network.editor.stage, network.editor.opening
    network.view.zoom(0.5)
    before = stage.camera.scale, stage.camera.offset
    opening.present()
    network.editor.resize(1600, 900)
    assert stage.camera.scale > 1.0
    assert stage.camera.visible(stage.size).contains(stage.scene.bounds())
    network.editor.resize(1280, 800)
    opening.end_presentation()
    assert (stage.camera.scale, stage.camera.offset) == before


def test_another_document_ends_a_presentation_at_its_beginning(network):
    stage = network.editor.stage
    network.view.zoom(0.5)
    network.editor.opening.present()
    network.document.load(chain("input", "output"), None)
    assert stage.camera.scale > 1.0
    network.editor.opening.end_presentation()
    assert stage.camera.scale == 1.0


def test_the_opened_view_uses_new_room_until_the_user_looks_elsewhere(long_chain):
    stage, editor = long_chain.editor.stage, long_chain.editor
    editor.resize(1280, 500)
    rect = stage.scene.bounds()
    assert stage.camera.visible(stage.size).center().y() == pytest.approx(rect.center().y())
    stage.camera.pan(QPointF(-300, 0))
    offset = stage.camera.offset
    editor.resize(1280, 800)
    assert stage.camera.offset == offset


def test_an_edited_network_stays_where_it_is_when_the_window_changes(long_chain):
    stage, document = long_chain.editor.stage, long_chain.document
    document.apply(move_nodes(document.project, {"relu_1": (240.0, 900.0)}), "Move")
    before = stage.camera.offset
    long_chain.editor.resize(1000, 600)
    assert stage.camera.offset == before


def test_another_document_is_shown_from_its_beginning(long_chain):
    long_chain.document.load(chain("input", "relu", "output"), None)
    assert long_chain.editor.stage.camera.scale == 1.0
    assert isinstance(long_chain.document, Document)


def test_the_view_scrolls_while_a_card_is_dragged_to_its_edge(long_chain, qtbot):
    view, camera = long_chain.view, long_chain.editor.stage.camera
    before = camera.offset.x()
    long_chain.press(long_chain.centre("relu_1"))
    for x in (400, view.width() - 4):
        QTest.mouseMove(view, QPoint(x, view.height() // 2))
    qtbot.waitUntil(lambda: camera.offset.x() > before + 400, timeout=5000)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, NO, QPoint(view.width() - 4, 300))
    stopped = camera.offset.x()
    qtbot.wait(60)
    assert camera.offset.x() == stopped
    assert long_chain.layout.positions["relu_1"][0] > stopped


def test_escape_ends_the_scrolling(long_chain, qtbot):
    view, camera = long_chain.view, long_chain.editor.stage.camera
    long_chain.press(long_chain.centre("relu_1"))
    for x in (400, view.width() - 4):
        QTest.mouseMove(view, QPoint(x, view.height() // 2))
    long_chain.key(Qt.Key.Key_Escape)
    stopped = camera.offset.x()
    qtbot.wait(60)
    assert camera.offset.x() == stopped


def test_what_is_dragged_is_found_where_it_is_shown(network):
    scene = network.editor.stage.scene
    home = scene.cards["relu_1"].rect.center()
    before = {key: wire.curve[0].toTuple() for key, wire in scene.wires.items()}
    scene.shift({"relu_1", "tanh_2"}, QPointF(0, 600))
    inner = next(key for key in scene.wires if key.startswith("relu_1"))
    assert scene.wires[inner].curve[0].y() == before[inner][1] + 600
    there = scene.cards["relu_1"].rect
    assert there.center() == home + QPointF(0, 600)
    assert set(scene.cards_within(there)) == {"relu_1"}
    assert inner in scene.wires_within(there.adjusted(0, 0, 200, 0))
    scene.shift((), QPointF())
    assert scene.cards["relu_1"].rect.center() == home
    assert {key: wire.curve[0].toTuple() for key, wire in scene.wires.items()} == before


def test_the_map_fades_over_cards(long_chain):
    stage, small = long_chain.editor.stage, long_chain.editor.overlays.minimap
    assert not small.is_faded()
    corner = small.geometry().center()
    card = stage.scene.cards["relu_10"].rect.center()
    stage.camera.offset = card - QPointF(corner) / stage.camera.scale
    stage.camera_changed.emit()
    assert small.is_faded()
