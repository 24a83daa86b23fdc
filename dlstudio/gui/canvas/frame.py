"""Draws one frame: grid, wires, cards and labels, in as much detail as the distance allows."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QTransform

from dlstudio.gui.canvas.camera import Camera
from dlstudio.gui.canvas.card import (
    Mood,
    border,
    paint_badge,
    paint_card,
    paint_name,
    paint_thumbnails,
)
from dlstudio.gui.canvas.faces import Tone
from dlstudio.gui.canvas.far import FarPicture
from dlstudio.gui.canvas.geometry import GRID
from dlstudio.gui.canvas.ink import Ink
from dlstudio.gui.canvas.note import paint_note
from dlstudio.gui.canvas.pictures import MARGIN, CardPictures, Look
from dlstudio.gui.canvas.scene import Scene
from dlstudio.gui.canvas.wire import paint_curves, paint_label
from dlstudio.gui.document import NOTE_PREFIX

FULL_SCALE = 0.7
"""From this scale on cards carry all their words."""
NAME_SCALE = 0.36
"""From this scale on cards carry their name and shape, however many they are."""
FAR_SCALE = 0.2
"""Below this scale cards are always blocks of colour."""
MOST_NAMES = 300
"""So many cards at most carry names below `NAME_SCALE`."""
_REACH = 24.0


@dataclass
class Emphasis:
    """What the pointer and the user single out for the moment."""

    card: str = ""
    wire: str = ""
    chosen_wires: frozenset[str] = frozenset()
    show_shapes: bool = False
    hidden_wires: frozenset[str] = field(default_factory=frozenset)


class FramePainter:
    """Draws the scene through a camera."""

    def __init__(self, scene: Scene, camera: Camera) -> None:
        """Draw what `camera` sees of `scene`."""
        self._scene = scene
        self._camera = camera
        self._far = FarPicture(scene)
        self._pictures = CardPictures()
        self._base = QTransform()
        self._dots: tuple[float, QColor, float, QPixmap] | None = None

    def paint(self, painter: QPainter, size: QSizeF, ink: Ink, emphasis: Emphasis) -> None:
        """Draw a whole frame of `size`."""
        self._paint_ground(painter, size, ink)
        area = self._camera.visible(size).adjusted(-_REACH, -_REACH, _REACH, _REACH)
        self._base = painter.worldTransform()
        painter.setWorldTransform(self._camera.transform(), combine=True)
        for each in self._scene.notes:
            rect = self._scene.note_rect(each)
            if rect.intersects(area):
                chosen = NOTE_PREFIX + each in self._scene.document.selection
                paint_note(painter, self._scene.notes[each], rect, ink, chosen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_far(area):
            self._far.paint(painter, ink, self._camera.scale, emphasis.hidden_wires)
            self._paint_marks(painter, area, ink)
        else:
            self._paint_near(painter, area, ink, emphasis)

    def _is_far(self, area: QRectF) -> bool:
        """Return whether cards are too small, or small and too many, to carry their names."""
        scale = self._camera.scale
        if scale >= NAME_SCALE:
            return False
        return scale < FAR_SCALE or len(self._scene.cards_within(area)) > MOST_NAMES

    def _paint_near(self, painter: QPainter, area: QRectF, ink: Ink, emphasis: Emphasis) -> None:
        scene, scale = self._scene, self._camera.scale
        wires = [key for key in scene.wires_within(area) if key not in emphasis.hidden_wires]
        self._paint_wires(painter, wires, ink, emphasis)
        seen = scene.cards_within(area)
        self._paint_cards(painter, seen, ink, emphasis)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        for each in seen:
            card = scene.cards[each]
            if scale >= NAME_SCALE:
                paint_thumbnails(painter, card, scene.path(each), scene.thumbnails)
            paint_badge(painter, card.rect, scene.face(each).tone, ink, scale)
        if scale >= FULL_SCALE:
            self._paint_labels(painter, wires, ink, emphasis)

    def _paint_cards(
        self, painter: QPainter, seen: list[str], ink: Ink, emphasis: Emphasis
    ) -> None:
        """Copy the cards' pictures, each on whole pixels so that its letters stay sharp."""
        scene, camera = self._scene, self._camera
        draw = paint_card if camera.scale >= FULL_SCALE else paint_name
        selection = scene.document.selection
        ratio = painter.device().devicePixelRatioF()
        margin = QPointF(MARGIN, MARGIN)
        to_scene = painter.worldTransform()
        painter.setWorldTransform(self._base)
        for each in seen:
            card = scene.cards[each]
            mood = Mood(each in selection, each == emphasis.card)
            look = Look(ink, mood, draw, camera.scale, ratio)
            picture = self._pictures.picture(card, scene.face(each), look)
            corner = camera.to_view(card.rect.topLeft() - margin) * ratio
            painter.drawPixmap(QPointF(corner.toPoint()) / ratio, picture)
        painter.setWorldTransform(to_scene)

    def _paint_wires(
        self, painter: QPainter, wires: list[str], ink: Ink, emphasis: Emphasis
    ) -> None:
        scene = self._scene
        broken = {key for key in wires if scene.is_broken(key)}
        chosen = {key for key in wires if key in emphasis.chosen_wires or key == emphasis.wire}
        plain = [key for key in wires if key not in broken and key not in chosen]
        for keys, pen in (
            (plain, ink.wire),
            (broken - chosen, ink.wire_broken),
            (chosen, ink.wire_chosen),
        ):
            paint_curves(painter, (scene.wires[key].curve for key in keys), pen)

    def _paint_labels(
        self, painter: QPainter, wires: list[str], ink: Ink, emphasis: Emphasis
    ) -> None:
        for key in wires:
            broken = self._scene.is_broken(key)
            asked = emphasis.show_shapes or key == emphasis.wire or key in emphasis.chosen_wires
            text = self._scene.edge_text(key) if asked or broken else ""
            if text:
                paint_label(painter, self._scene.wires[key].curve, text, ink, broken and asked)

    def _paint_marks(self, painter: QPainter, area: QRectF, ink: Ink) -> None:
        """Outline what is selected or wrong on top of the far picture."""
        scene, scale = self._scene, self._camera.scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        wrong = [each for each in scene.findings.problems if each in scene.cards]
        for each in {*scene.document.selection, *wrong}:
            if each not in scene.cards or not scene.cards[each].rect.intersects(area):
                continue
            tone, rect = scene.tone(each), scene.cards[each].rect
            pen = QPen(border(tone, ink, Mood(each in scene.document.selection)))
            pen.setWidthF(2.0 / scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawRect(rect)
            if tone in {Tone.ERROR, Tone.WARNING}:
                paint_badge(painter, rect, tone, ink, scale)

    def _paint_ground(self, painter: QPainter, size: QSizeF, ink: Ink) -> None:
        painter.fillRect(QRectF(QPointF(), size), ink.canvas)
        step = GRID * self._camera.scale
        while step < 16.0:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        if self._dots is None or self._dots[:3] != (step, ink.grid, ratio):
            self._dots = (step, ink.grid, ratio, _dot(step, ink.grid, ratio))
        brush = QBrush(self._dots[3])
        origin = self._camera.to_view(QPointF())
        width = self._dots[3].deviceIndependentSize().width()
        brush.setTransform(
            QTransform.fromTranslate(origin.x(), origin.y()).scale(step / width, step / width)
        )
        painter.fillRect(QRectF(QPointF(), size), brush)


def _dot(step: float, colour: QColor, ratio: float) -> QPixmap:
    """Return one tile of the grid with its dot at the corner."""
    side = max(1, round(step * ratio))
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    tile.setDevicePixelRatio(ratio)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    edge = side / ratio
    for x in (0.0, edge):
        for y in (0.0, edge):
            painter.drawEllipse(QPointF(x, y), 1.2, 1.2)
    painter.end()
    return tile
