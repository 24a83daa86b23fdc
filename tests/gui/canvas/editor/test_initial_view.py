"""The view of a design on opening, on resizing and after a presentation."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from dlstudio.design.edits import insert_on_edge, move_nodes
from dlstudio.gui.canvas.scene.camera import INITIAL_SCALE, LEGIBLE_SCALE
from dlstudio.gui.document.document import Document
from tests.gui.canvas.canvas_pointer import chain


def test_short_network_is_fully_visible_on_opening(network):
    camera, context = network.editor.context.camera, network.editor.context
    assert camera.scale == 1.0
    assert camera.visible(context.size).contains(context.scene.bounds())
    assert network.editor.overlays.minimap.isHidden()


def test_long_network_opens_at_its_start_at_a_legible_scale(long_chain):
    context = long_chain.editor.context
    visible = context.camera.visible(context.size)
    assert context.camera.scale == INITIAL_SCALE
    assert visible.contains(context.scene.cards["input_0"].rect)
    assert not visible.contains(context.scene.cards["output_21"].rect)
    assert long_chain.editor.overlays.minimap.isVisible()
    long_chain.editor.zoom_fit()
    assert context.camera.visible(context.size).contains(context.scene.bounds())
    assert long_chain.editor.overlays.minimap.isHidden()


def test_ten_cards_are_fully_visible_on_opening(canvas):
    context = canvas(chain("input", *["relu"] * 8, "output")).editor.context
    assert LEGIBLE_SCALE <= context.camera.scale < INITIAL_SCALE
    assert context.camera.visible(context.size).contains(context.scene.bounds())


def splice(pointer, key):
    pointer.document.try_edit(lambda project: insert_on_edge(project, key, "gelu"), "Splice")


def test_fully_visible_network_stays_visible_when_it_grows(network):
    context = network.editor.context
    splice(network, "relu_1.output>tanh_2.input#0")
    splice(network, "relu_1.output>gelu_1.input#0")
    assert "gelu_2" in network.graph.nodes
    assert context.camera.visible(context.size).contains(context.scene.bounds())
    network.view.zoom(2.0)
    before = context.camera.scale, context.camera.offset
    splice(network, "tanh_2.output>output_3.input#0")
    assert (context.camera.scale, context.camera.offset) == before


def test_ending_a_presentation_restores_the_previous_view(network):
    context, initial_view = network.editor.context, network.editor.initial_view
    network.view.zoom(0.5)
    before = context.camera.scale, context.camera.offset
    initial_view.start_presentation()
    network.editor.resize(1600, 900)
    assert context.camera.scale > 1.0
    assert context.camera.visible(context.size).contains(context.scene.bounds())
    network.editor.resize(1280, 800)
    initial_view.end_presentation()
    assert (context.camera.scale, context.camera.offset) == before


def test_document_opened_during_a_presentation_is_shown_from_its_start(network):
    context = network.editor.context
    network.view.zoom(0.5)
    network.editor.initial_view.start_presentation()
    network.document.load(chain("input", "output"), None)
    assert context.camera.scale > 1.0
    network.editor.initial_view.end_presentation()
    assert context.camera.scale == 1.0


def test_initial_view_follows_resizes_until_the_user_pans(long_chain):
    context, editor = long_chain.editor.context, long_chain.editor
    editor.resize(1280, 500)
    rect = context.scene.bounds()
    assert context.camera.visible(context.size).center().y() == pytest.approx(rect.center().y())
    context.camera.pan(QPointF(-300, 0))
    offset = context.camera.offset
    editor.resize(1280, 800)
    assert context.camera.offset == offset


def test_edited_network_is_not_moved_by_a_resize(long_chain):
    context, document = long_chain.editor.context, long_chain.document
    document.apply(move_nodes(document.project, {"relu_1": (240.0, 900.0)}), "Move")
    before = context.camera.offset
    long_chain.editor.resize(1000, 600)
    assert context.camera.offset == before


def test_another_document_is_shown_from_its_start(long_chain):
    long_chain.document.load(chain("input", "relu", "output"), None)
    assert long_chain.editor.context.camera.scale == 1.0
    assert isinstance(long_chain.document, Document)
