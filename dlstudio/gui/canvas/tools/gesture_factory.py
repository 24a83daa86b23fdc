"""Chooses the gesture that a press starts, by button, modifiers and what is hit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.hit_test import (
    PortHit,
    badged_card_at,
    card_at,
    note_at,
    note_handle_at,
    port_at,
    wire_at,
)
from dlstudio.gui.canvas.tools.cut import Cut
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers
from dlstudio.gui.canvas.tools.link import Link, link_from_wire
from dlstudio.gui.canvas.tools.move import Move
from dlstudio.gui.canvas.tools.pan import Pan
from dlstudio.gui.canvas.tools.resize_note import ResizeNote
from dlstudio.gui.canvas.tools.rubber_band import RubberBand

MIN_LINK_SCALE = 0.34
"""Below this scale ports are too small to grab."""


def create_gesture(
    context: CanvasContext,
    at: QPointF,
    button: Qt.MouseButton,
    modifiers: Modifiers,
    space_held: bool = False,
) -> Gesture | None:
    """Return the gesture that a press starts, or None.

    `at` is the pointer in scene coordinates; `space_held` is whether the space bar is down.
    """
    if button is Qt.MouseButton.MiddleButton or (
        space_held and button is Qt.MouseButton.LeftButton
    ):
        return Pan(context)
    if button is Qt.MouseButton.RightButton and modifiers & Qt.KeyboardModifier.ControlModifier:
        return Cut(context)
    if button is not Qt.MouseButton.LeftButton:
        return None
    return _left_button_gesture(context, at, modifiers)


def _left_button_gesture(context: CanvasContext, at: QPointF, modifiers: Modifiers) -> Gesture:
    scene, scale = context.scene, context.camera.scale
    badged = badged_card_at(scene, at, scale)
    if not badged and scale >= MIN_LINK_SCALE:
        hit = port_at(scene, at, scale)
        if hit is not None:
            return _link_from_port(context, hit)
    card = badged or card_at(scene, at)
    if card:
        return Move(context, card)
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Cut(context)
    wire = wire_at(scene, at, scale)
    if wire:
        return link_from_wire(context, wire, at)
    handle = note_handle_at(scene, at)
    if handle:
        return ResizeNote(context, handle)
    note = note_at(scene, at)
    return Move(context, NOTE_PREFIX + note) if note else RubberBand(context)


def _link_from_port(context: CanvasContext, hit: PortHit) -> Gesture:
    """Start a new wire, or grab the end of the one already connected to an input."""
    if not hit.output and not hit.variadic:
        for key in context.scene.wires_of(hit.node):
            edge = context.scene.wires[key].edge
            if (edge.target, edge.target_port) == (hit.node, hit.port):
                return link_from_wire(context, key, hit.centre)
    return Link(context, hit)
