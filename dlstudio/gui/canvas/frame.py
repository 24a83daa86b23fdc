"""Draws one frame: grid, wires, cards and labels, in as much detail as the distance allows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap, QTransform

from dlstudio.gui.canvas.camera import Camera
from dlstudio.gui.canvas.card import (
    Look,
    Mood,
    at_least,
    border,
    paint_badge,
    paint_thumbnails,
)
from dlstudio.gui.canvas.faces import Tone
from dlstudio.gui.canvas.far import FarPicture
from dlstudio.gui.canvas.geometry import GRID
from dlstudio.gui.canvas.ink import Ink, Lettering
from dlstudio.gui.canvas.note import paint_note
from dlstudio.gui.canvas.pictures import MARGIN, CardPictures
from dlstudio.gui.canvas.scene import Scene
from dlstudio.gui.canvas.wire import label_rect, paint_curves, paint_label
from dlstudio.gui.document import NOTE_PREFIX

FAR_SCALE = 0.2
"""Below this scale cards are always blocks of colour."""
MOST_NAMES = 300
"""So many cards at most carry their names alone; more are blocks of colour."""
_DOTS_APART = 20.0
"""Least distance between two dots of the grid, in pixels of the view."""
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
        self._ground: tuple[Hashable, QPixmap] | None = None

    def paint(self, painter: QPainter, size: QSizeF, ink: Ink, emphasis: Emphasis) -> None:
        """Draw a whole frame of `size`."""
        self._paint_ground(painter, size, ink)
        area = self._camera.visible(size).adjusted(-_REACH, -_REACH, _REACH, _REACH)
        self._base = painter.worldTransform()
        painter.setWorldTransform(self._camera.transform(), combine=True)
        for note_id in self._scene.notes:
            rect = self._scene.note_rect(note_id)
            if rect.intersects(area):
                selected = NOTE_PREFIX + note_id in self._scene.document.selection
                paint_note(painter, self._scene.notes[note_id], rect, ink, selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = painter.device().devicePixelRatioF()
        text_level = ink.lettering(self._camera.scale, ratio)
        if self._is_far(area, text_level):
            self._far.paint(painter, ink)
            self._paint_marks(painter, area, ink)
        else:
            self._paint_near(painter, area, ink, emphasis, text_level)

    def _is_far(self, area: QRectF, letters: Lettering) -> bool:
        """Return whether cards are too small, or small and too many, to carry their names."""
        if letters.line is not None:
            return False
        if self._camera.scale < FAR_SCALE:
            return True
        return len(self._scene.cards_within(area)) > MOST_NAMES

    def _paint_near(
        self, painter: QPainter, area: QRectF, ink: Ink, emphasis: Emphasis, letters: Lettering
    ) -> None:
        scene, scale = self._scene, self._camera.scale
        wires = [key for key in scene.wires_within(area) if key not in emphasis.hidden_wires]
        self._paint_wires(painter, wires, ink, emphasis)
        visible = scene.cards_within(area)
        self._paint_cards(painter, visible, ink, emphasis, letters)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        for node_id in visible:
            card = scene.cards[node_id]
            if letters.line is not None:
                paint_thumbnails(painter, card, scene.path(node_id), scene.thumbnails, ink)
            paint_badge(painter, card.rect, scene.face(node_id).tone, ink, scale)
        if letters.small is not None and letters.line is not None:
            self._paint_labels(painter, wires, ink, emphasis, letters.line)

    def _paint_cards(
        self,
        painter: QPainter,
        seen: list[str],
        ink: Ink,
        emphasis: Emphasis,
        letters: Lettering,
    ) -> None:
        """Copy the cards' pictures, each on whole pixels so that its letters stay sharp."""
        scene, camera = self._scene, self._camera
        selection = scene.document.selection
        ratio = painter.device().devicePixelRatioF()
        margin = QPointF(MARGIN, MARGIN)
        to_scene = painter.worldTransform()
        painter.setWorldTransform(self._base)
        for node_id in seen:
            card = scene.cards[node_id]
            state = Mood(node_id in selection, node_id == emphasis.card)
            card_style = Look(ink, state, letters, camera.scale, ratio)
            pixmap = self._pictures.picture(card, scene.face(node_id), card_style)
            corner = camera.to_view(card.rect.topLeft() - margin) * ratio
            painter.drawPixmap(QPointF(corner.toPoint()) / ratio, pixmap)
        painter.setWorldTransform(to_scene)

    def _paint_wires(
        self, painter: QPainter, wires: list[str], ink: Ink, emphasis: Emphasis
    ) -> None:
        scene = self._scene
        broken = {key for key in wires if scene.is_broken(key)}
        selected = {key for key in wires if key in emphasis.chosen_wires or key == emphasis.wire}
        plain = [key for key in wires if key not in broken and key not in selected]
        for keys, pen in (
            (plain, ink.wire),
            (broken - selected, ink.wire_broken),
            (selected, ink.wire_chosen),
        ):
            wide_pen = at_least(pen, 1.0 / self._camera.scale)
            paint_curves(painter, (scene.wires[key].curve for key in keys), wide_pen)

    def _paint_labels(
        self, painter: QPainter, wires: list[str], ink: Ink, emphasis: Emphasis, font: QFont
    ) -> None:
        """Write shapes on wires: on broken ones where nothing is in the way, else where asked."""
        scene = self._scene
        label_rects: list[QRectF] = []
        for key in wires:
            broken = scene.is_broken(key)
            requested = emphasis.show_shapes or key == emphasis.wire or key in emphasis.chosen_wires
            text = scene.edge_text(key) if requested or broken else ""
            if not text:
                continue
            rect = label_rect(scene.wires[key].curve, text, font, ink)
            if requested or not (
                scene.cards_within(rect) or any(map(rect.intersects, label_rects))
            ):
                text_colour = ink.error if broken and requested else ink.muted
                paint_label(painter, rect, text, font, (ink.canvas, ink.line, text_colour))
                label_rects.append(rect)

    def _paint_marks(self, painter: QPainter, area: QRectF, ink: Ink) -> None:
        """Outline what is selected or wrong on top of the far picture."""
        scene, scale = self._scene, self._camera.scale
        selection = scene.document.selection & scene.cards.keys()
        problem_cards = scene.findings.problems.keys() & scene.cards.keys()
        outlined: dict[tuple[Tone, bool], list[QRectF]] = {}
        for node_id in selection | problem_cards:
            status = scene.tone(node_id) if node_id in problem_cards else Tone.PLAIN
            outlined.setdefault((status, node_id in selection), []).append(
                scene.cards[node_id].rect
            )
        for (status, selected), rects in outlined.items():
            pen = QPen(border(status, ink, Mood(selected)))
            pen.setWidthF(2.0 / scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawRects(rects)
        for (status, _), rects in outlined.items():
            for rect in rects if status in {Tone.ERROR, Tone.WARNING} else ():
                if rect.intersects(area):
                    paint_badge(painter, rect, status, ink, scale)

    def _paint_ground(self, painter: QPainter, size: QSizeF, ink: Ink) -> None:
        """Copy the canvas with its dots, drawn once for a size and a scale."""
        step = GRID * self._camera.scale
        while step < _DOTS_APART:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        state = (step, size.toTuple(), ink, ratio)
        if self._ground is None or self._ground[0] != state:
            background_size = QSizeF(size.width() + step, size.height() + step)
            self._ground = (state, _ground(step, background_size, ink, ratio))
        origin = self._camera.to_view(QPointF())
        corner = QPointF(origin.x() % step - step, origin.y() % step - step) * ratio
        painter.drawPixmap(QPointF(corner.toPoint()) / ratio, self._ground[1])


def _ground(step: float, size: QSizeF, ink: Ink, ratio: float) -> QPixmap:
    """Return the empty canvas with a dot at its corner and at every step from there."""
    background = QPixmap((size * ratio).toSize())
    background.setDevicePixelRatio(ratio)
    background.fill(ink.canvas)
    tile = _dot(step, ink.grid, ratio)
    brush = QBrush(tile)
    width = tile.deviceIndependentSize().width()
    brush.setTransform(QTransform.fromScale(step / width, step / width))
    painter = QPainter(background)
    painter.fillRect(QRectF(QPointF(), size), brush)
    painter.end()
    return background


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
