"""Finds the card, note, wire or port at a point of the scene."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from dlstudio.gui.canvas.model.card_content import PROBLEM_STATUSES
from dlstudio.gui.canvas.scene.geometry import (
    badge_circle,
    distance_to_curve,
    handle_rect,
    port_point,
)
from dlstudio.gui.canvas.scene.scene import Scene
from dlstudio.gui.canvas.scene.scene_items import Card

PORT_REACH = 11.0
WIRE_REACH = 7.0
"""Maximum distance from the pointer, in pixels of the view."""


@dataclass(frozen=True)
class PortHit:
    """A port of a card and its position in the scene."""

    node: str
    port: str
    output: bool
    centre: QPointF = field(compare=False)
    variadic: bool = False


def card_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the topmost card at a scene point, or an empty string."""
    hits = scene.cards_within(QRectF(point, point))
    return hits[-1] if hits else ""


def badged_card_at(scene: Scene, point: QPointF, scale: float) -> str:
    """Return the id of the card whose problem badge is at a scene point, or an empty string."""
    reach = 2 * badge_circle(QRectF(), scale)[1]
    for node_id in reversed(scene.cards_within(_around(point, reach))):
        centre, radius = badge_circle(scene.cards[node_id].rect, scale)
        is_hit = math.hypot(*(centre - point).toTuple()) <= radius
        if is_hit and scene.content.status(node_id) in PROBLEM_STATUSES:
            return node_id
    return ""


def note_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the topmost note at a scene point, or an empty string."""
    hits = [note_id for note_id in scene.notes if scene.note_rect(note_id).contains(point)]
    return hits[-1] if hits else ""


def note_handle_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the note whose resize corner is at a point, or an empty string."""
    note_id = note_at(scene, point)
    return note_id if note_id and handle_rect(scene.note_rect(note_id)).contains(point) else ""


def wire_at(scene: Scene, point: QPointF, scale: float) -> str:
    """Return the key of the nearest wire within `WIRE_REACH`, or an empty string."""
    reach = WIRE_REACH / scale
    near = {
        key: distance_to_curve(scene.wires[key].curve, point)
        for key in scene.wires_within(_around(point, reach))
    }
    best = min(near, key=near.__getitem__, default="")
    return best if best and near[best] <= reach else ""


def port_at(scene: Scene, point: QPointF, scale: float) -> PortHit | None:
    """Return the nearest port within `PORT_REACH`, or None."""
    reach = PORT_REACH / max(scale, 0.5)
    nearest: PortHit | None = None
    best = reach
    for node_id in scene.cards_within(_around(point, reach)):
        for hit in port_hits(node_id, scene.cards[node_id]):
            distance = math.hypot(*(hit.centre - point).toTuple())
            if distance <= best:
                nearest, best = hit, distance
    return nearest


def port_hits(node_id: str, card: Card) -> Iterator[PortHit]:
    """Yield the ports of a card, inputs first."""
    ports = card.description.ports
    for output, side_ports in ((False, ports.inputs), (True, ports.outputs)):
        for index, port in enumerate(side_ports):
            centre = port_point(card.rect, index, len(side_ports), output)
            yield PortHit(node_id, port.name, output, centre, port.variadic)


def _around(point: QPointF, reach: float) -> QRectF:
    return QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
