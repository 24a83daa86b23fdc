from __future__ import annotations

from PySide6.QtCore import QPointF

from dlstudio.design.edits import remove_nodes
from dlstudio.gui.canvas.scene.hit_test import wire_at
from tests.gui.canvas.canvas_pointer import chain


def test_dragged_cards_are_hit_at_their_displayed_position(network):
    scene = network.editor.context.scene
    original_centre = scene.cards["relu_1"].rect.center()
    before = {key: wire.curve[0].toTuple() for key, wire in scene.wires.items()}
    scene.set_drag_offset({"relu_1", "tanh_2"}, QPointF(0, 600))
    inner = next(key for key in scene.wires if key.startswith("relu_1"))
    assert scene.wires[inner].curve[0].y() == before[inner][1] + 600
    dragged_rect = scene.cards["relu_1"].rect
    assert dragged_rect.center() == original_centre + QPointF(0, 600)
    assert set(scene.cards_within(dragged_rect)) == {"relu_1"}
    assert inner in scene.wires_within(dragged_rect.adjusted(0, 0, 200, 0))
    scene.set_drag_offset((), QPointF())
    assert scene.cards["relu_1"].rect.center() == original_centre
    assert {key: wire.curve[0].toTuple() for key, wire in scene.wires.items()} == before


def test_wire_is_hit_along_its_curve(canvas):
    pointer = canvas(chain("input", "relu"))
    scene = pointer.editor.context.scene
    assert wire_at(scene, scene.wires["input_0.output>relu_1.input#0"].curve[0], 1.0)
    assert not wire_at(scene, scene.cards["relu_1"].rect.center(), 1.0)


def test_removing_a_card_removes_its_wires(network):
    scene = network.editor.context.scene
    whole_scene = scene.bounds().adjusted(-10, -10, 10, 10)
    remaining = scene.wires_of("output_3")
    network.document.try_edit(lambda project: remove_nodes(project, {"relu_1"}), "Delete")
    assert scene.wires.keys() == remaining
    assert set(scene.wires_within(whole_scene)) == remaining
    assert scene.wires_of("input_0") == frozenset()
    network.document.undo_stack.undo()
    assert len(scene.wires_of("relu_1")) == 2
    assert len(scene.wires_within(whole_scene)) == 3
