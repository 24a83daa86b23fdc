"""Which gesture a press begins: the one table of the canvas's pointer language."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from dlstudio.gui.canvas.picking import (
    PortPlace,
    card_at,
    note_at,
    note_handle_at,
    port_at,
    wire_at,
)
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.canvas.tools.cut import Cut
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers
from dlstudio.gui.canvas.tools.link import Link, link_from_wire
from dlstudio.gui.canvas.tools.move import Move
from dlstudio.gui.canvas.tools.pan import Pan
from dlstudio.gui.canvas.tools.resize_note import ResizeNote
from dlstudio.gui.canvas.tools.rubber_band import RubberBand
from dlstudio.gui.document import NOTE_PREFIX

LINKING_SCALE = 0.34
"""Below this scale ports are too small to be grabbed."""


def gesture_for(
    stage: Stage, at: QPointF, button: Qt.MouseButton, modifiers: Modifiers, space: bool = False
) -> Gesture | None:
    """Return the gesture that a press begins, None where it begins none.

    `at` is the scene's point under the pointer; `space` says whether the space bar is held.
    """
    if button is Qt.MouseButton.MiddleButton or (space and button is Qt.MouseButton.LeftButton):
        return Pan(stage)
    if button is Qt.MouseButton.RightButton and modifiers & Qt.KeyboardModifier.ControlModifier:
        return Cut(stage)
    if button is not Qt.MouseButton.LeftButton:
        return None
    return _left(stage, at, modifiers)


def _left(stage: Stage, at: QPointF, modifiers: Modifiers) -> Gesture:
    scene, scale = stage.scene, stage.camera.scale
    if scale >= LINKING_SCALE:
        hit = port_at(scene, at, scale)
        if hit is not None:
            return _from_port(stage, hit)
    card = card_at(scene, at)
    if card:
        return Move(stage, card)
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Cut(stage)
    wire = wire_at(scene, at, scale)
    if wire:
        return link_from_wire(stage, wire, at)
    handle = note_handle_at(scene, at)
    if handle:
        return ResizeNote(stage, handle)
    note = note_at(scene, at)
    return Move(stage, NOTE_PREFIX + note) if note else RubberBand(stage)


def _from_port(stage: Stage, place: PortPlace) -> Gesture:
    """Start a wire, or take the end of the one that already arrives at an input."""
    if not place.output and not place.variadic:
        for key in stage.scene.wires_of(place.node):
            edge = stage.scene.wires[key].edge
            if (edge.target, edge.target_port) == (place.node, place.port):
                return link_from_wire(stage, key, place.centre)
    return Link(stage, place)
