"""Where a gesture of each kind may begin on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from PySide6.QtCore import QPoint, QPointF, Qt

from dlstudio.gui.canvas.geometry import curve_point
from dlstudio.gui.canvas.note import handle_rect
from dlstudio.gui.canvas.picking import ports_of
from dlstudio.gui.canvas.view import CanvasView

LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
NO = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

TRIES = 8
"""Places of a kind that are looked at until one is in sight."""


@dataclass(frozen=True)
class Grip:
    """A point of the view and what is pressed there."""

    name: str
    at: QPoint
    button: Qt.MouseButton = LEFT
    keys: Qt.KeyboardModifier = NO


def find_grip(view: CanvasView, chance: Random) -> Grip:
    """Return a place to press that begins one of the gestures, if one of its kind is in sight."""
    name = chance.choice([*_FINDERS])
    keys, button = NO, LEFT
    if name == "pan":
        button = MIDDLE
    elif name == "cut":
        button, keys = chance.choice(((LEFT, ALT), (RIGHT, CTRL)))
    elif chance.random() < 0.3:
        keys = chance.choice((SHIFT, CTRL, ALT))
    for _ in range(TRIES):
        scene_point = _FINDERS[name](view, chance)
        if scene_point is not None:
            point = view.stage.camera.to_view(scene_point).toPoint()
            if view.rect().contains(point):
                return Grip(name, point, button, keys)
    return Grip("void", anywhere(view, chance), button, keys)


def anywhere(view: CanvasView, chance: Random) -> QPoint:
    return QPoint(
        chance.randrange(max(1, view.width())),
        chance.randrange(max(1, view.height())),
    )


def _port(view: CanvasView, chance: Random) -> QPointF | None:
    scene = view.stage.scene
    if not scene.cards:
        return None
    card = chance.choice([*scene.cards])
    ports = [*ports_of(card, scene.cards[card])]
    return chance.choice(ports).centre if ports else None


def _card(view: CanvasView, chance: Random) -> QPointF | None:
    cards = [*view.stage.scene.cards.values()]
    return chance.choice(cards).rect.center() if cards else None


def _wire(view: CanvasView, chance: Random) -> QPointF | None:
    wires = [*view.stage.scene.wires.values()]
    return curve_point(chance.choice(wires).curve, chance.uniform(0.2, 0.8)) if wires else None


def _note(view: CanvasView, chance: Random) -> QPointF | None:
    scene = view.stage.scene
    return scene.note_rect(chance.choice([*scene.notes])).center() if scene.notes else None


def _corner(view: CanvasView, chance: Random) -> QPointF | None:
    scene = view.stage.scene
    if not scene.notes:
        return None
    return handle_rect(scene.note_rect(chance.choice([*scene.notes]))).center()


def _void(view: CanvasView, chance: Random) -> QPointF | None:
    return view.stage.camera.to_scene(QPointF(anywhere(view, chance)))


_FINDERS: Mapping[str, Callable[[CanvasView, Random], QPointF | None]] = {
    "port": _port,
    "card": _card,
    "wire": _wire,
    "note": _note,
    "corner": _corner,
    "void": _void,
    "cut": _void,
    "pan": _void,
}
