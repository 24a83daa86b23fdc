"""Finds points on the canvas where gestures can start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from PySide6.QtCore import QPoint, QPointF, Qt

from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.scene.geometry import curve_point, handle_rect
from dlstudio.gui.canvas.scene.hit_test import port_hits

LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

ATTEMPTS = 8
"""Number of attempts to find a visible target of a kind."""


@dataclass(frozen=True)
class DragTarget:
    """A point in the view, and the button and modifier keys to press there."""

    name: str
    position: QPoint
    button: Qt.MouseButton = LEFT
    keys: Qt.KeyboardModifier = NO_MODIFIER


def find_drag_target(view: CanvasView, rng: Random) -> DragTarget:
    """Return a target for a random kind of gesture; an empty point if none is visible."""
    name = rng.choice([*_FINDERS])
    keys, button = NO_MODIFIER, LEFT
    if name == "pan":
        button = MIDDLE
    elif name == "cut":
        button, keys = rng.choice(((LEFT, ALT), (RIGHT, CTRL)))
    elif rng.random() < 0.3:
        keys = rng.choice((SHIFT, CTRL, ALT))
    for _ in range(ATTEMPTS):
        scene_point = _FINDERS[name](view, rng)
        if scene_point is not None:
            point = view.context.camera.to_view(scene_point).toPoint()
            if view.rect().contains(point):
                return DragTarget(name, point, button, keys)
    return DragTarget("empty", random_point(view, rng), button, keys)


def random_point(view: CanvasView, rng: Random) -> QPoint:
    return QPoint(
        rng.randrange(max(1, view.width())),
        rng.randrange(max(1, view.height())),
    )


def _port(view: CanvasView, rng: Random) -> QPointF | None:
    scene = view.context.scene
    if not scene.cards:
        return None
    card = rng.choice([*scene.cards])
    ports = [*port_hits(card, scene.cards[card])]
    return rng.choice(ports).centre if ports else None


def _card(view: CanvasView, rng: Random) -> QPointF | None:
    cards = [*view.context.scene.cards.values()]
    return rng.choice(cards).rect.center() if cards else None


def _wire(view: CanvasView, rng: Random) -> QPointF | None:
    wires = [*view.context.scene.wires.values()]
    return curve_point(rng.choice(wires).curve, rng.uniform(0.2, 0.8)) if wires else None


def _note(view: CanvasView, rng: Random) -> QPointF | None:
    scene = view.context.scene
    return scene.note_rect(rng.choice([*scene.notes])).center() if scene.notes else None


def _corner(view: CanvasView, rng: Random) -> QPointF | None:
    scene = view.context.scene
    if not scene.notes:
        return None
    return handle_rect(scene.note_rect(rng.choice([*scene.notes]))).center()


def _empty_point(view: CanvasView, rng: Random) -> QPointF | None:
    return view.context.camera.to_scene(QPointF(random_point(view, rng)))


_FINDERS: Mapping[str, Callable[[CanvasView, Random], QPointF | None]] = {
    "port": _port,
    "card": _card,
    "wire": _wire,
    "note": _note,
    "corner": _corner,
    "empty": _empty_point,
    "cut": _empty_point,
    "pan": _empty_point,
}
