"""What lies under the pointer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from dlstudio.gui.canvas.scene.geometry import distance_to_curve, handle_rect, port_point
from dlstudio.gui.canvas.scene.scene import Card, Scene

PORT_REACH = 11.0
WIRE_REACH = 7.0
"""How near the pointer must be, in pixels of the view."""


@dataclass(frozen=True)
class PortHit:
    """A port of a card and where it stands."""

    node: str
    port: str
    output: bool
    centre: QPointF = field(compare=False)
    variadic: bool = False


def card_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the uppermost card under a point of the scene, or an empty text."""
    hits = scene.cards_within(QRectF(point, point))
    return hits[-1] if hits else ""


def note_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the note under a point, or an empty text."""
    hits = [note_id for note_id in scene.notes if scene.note_rect(note_id).contains(point)]
    return hits[-1] if hits else ""


def note_handle_at(scene: Scene, point: QPointF) -> str:
    """Return the id of the note whose resize corner is under a point, or an empty text."""
    note_id = note_at(scene, point)
    return note_id if note_id and handle_rect(scene.note_rect(note_id)).contains(point) else ""


def wire_at(scene: Scene, point: QPointF, scale: float) -> str:
    """Return the key of the nearest wire within reach, or an empty text."""
    reach = WIRE_REACH / scale
    near = {
        key: distance_to_curve(scene.wires[key].curve, point)
        for key in scene.wires_within(_around(point, reach))
    }
    best = min(near, key=near.__getitem__, default="")
    return best if best and near[best] <= reach else ""


def port_at(scene: Scene, point: QPointF, scale: float) -> PortHit | None:
    """Return the nearest port within reach, if any."""
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
    """Yield all ports of a card."""
    ports = card.description.ports
    for output, side_ports in ((False, ports.inputs), (True, ports.outputs)):
        for index, port in enumerate(side_ports):
            centre = port_point(card.rect, index, len(side_ports), output)
            yield PortHit(node_id, port.name, output, centre, port.variadic)


def _around(point: QPointF, reach: float) -> QRectF:
    return QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
