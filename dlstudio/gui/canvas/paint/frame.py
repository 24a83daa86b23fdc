"""Draws one frame: grid, notes, wires, cards and labels, with detail by scale."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap, QTransform

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.canvas.model.card_content import PROBLEM_STATUSES, CardStatus
from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, TextLevel
from dlstudio.gui.canvas.paint.card import (
    CardState,
    CardStyle,
    border_pen,
    paint_badge,
    paint_thumbnails,
    with_min_width,
)
from dlstudio.gui.canvas.paint.card_cache import MARGIN, CardPixmapCache
from dlstudio.gui.canvas.paint.note import paint_note
from dlstudio.gui.canvas.paint.overview_painter import OverviewPainter
from dlstudio.gui.canvas.paint.value_badge import paint_value_badge
from dlstudio.gui.canvas.paint.wire import label_rect, paint_curves, paint_label
from dlstudio.gui.canvas.scene.camera import Camera
from dlstudio.gui.canvas.scene.geometry import GRID
from dlstudio.gui.canvas.scene.highlight import Highlight
from dlstudio.gui.canvas.scene.scene import Scene

OVERVIEW_SCALE = 0.2
"""Below this scale cards are always drawn as coloured rectangles."""
MAX_TITLES = 300
"""Most cards drawn with only their titles; more are drawn as coloured rectangles."""
_MIN_DOT_SPACING = 20.0
"""Minimum distance between two dots of the grid, in pixels of the view."""
_VISIBLE_MARGIN = 24.0


class FramePainter:
    """Draws the scene through a camera."""

    def __init__(self, scene: Scene, camera: Camera) -> None:
        self._scene = scene
        self._camera = camera
        self._overview = OverviewPainter(scene)
        self._card_cache = CardPixmapCache()
        self._base_transform = QTransform()
        self._background: tuple[Hashable, QPixmap] | None = None

    def paint(
        self, painter: QPainter, size: QSizeF, style: CanvasStyle, highlight: Highlight
    ) -> None:
        """Draw a whole frame of `size`."""
        self._paint_background(painter, size, style)
        area = self._camera.visible(size).adjusted(
            -_VISIBLE_MARGIN, -_VISIBLE_MARGIN, _VISIBLE_MARGIN, _VISIBLE_MARGIN
        )
        self._base_transform = painter.worldTransform()
        painter.setWorldTransform(self._camera.transform(), combine=True)
        for note_id in self._scene.notes:
            rect = self._scene.note_rect(note_id)
            if rect.intersects(area):
                selected = NOTE_PREFIX + note_id in self._scene.document.selection
                paint_note(painter, self._scene.notes[note_id], rect, style, selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = painter.device().devicePixelRatioF()
        text_level = style.text_level(self._camera.scale, ratio)
        if self._is_overview(area, text_level):
            self._overview.paint(painter, style)
            self._paint_outlines(painter, area, style)
        else:
            self._paint_detailed(painter, area, style, highlight, text_level)

    def _is_overview(self, area: QRectF, text_level: TextLevel) -> bool:
        """Return whether cards are too small, or small and too many, to show their titles."""
        if text_level.output_font is not None:
            return False
        if self._camera.scale < OVERVIEW_SCALE:
            return True
        return len(self._scene.cards_within(area)) > MAX_TITLES

    def _paint_detailed(
        self,
        painter: QPainter,
        area: QRectF,
        style: CanvasStyle,
        highlight: Highlight,
        text_level: TextLevel,
    ) -> None:
        scene, scale = self._scene, self._camera.scale
        wires = [key for key in scene.wires_within(area) if key not in highlight.hidden_wires]
        self._paint_wires(painter, wires, style, highlight)
        visible = scene.cards_within(area)
        self._paint_cards(painter, visible, style, highlight, text_level)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        for node_id in visible:
            card = scene.cards[node_id]
            if text_level.output_font is not None:
                path = scene.content.path(node_id)
                paint_thumbnails(painter, card, path, scene.thumbnails, style)
                value = scene.card_values.value(path)
                if value is not None:
                    paint_value_badge(painter, card.rect, value, style, text_level)
            paint_badge(painter, card.rect, scene.content.card(node_id).status, style, scale)
        if text_level.small_font is not None and text_level.output_font is not None:
            self._paint_labels(painter, wires, style, highlight, text_level.output_font)

    def _paint_cards(
        self,
        painter: QPainter,
        node_ids: list[str],
        style: CanvasStyle,
        highlight: Highlight,
        text_level: TextLevel,
    ) -> None:
        """Copy the cards' pixmaps, aligned to device pixels so that texts stay sharp."""
        scene, camera = self._scene, self._camera
        selection = scene.document.selection
        ratio = painter.device().devicePixelRatioF()
        margin = QPointF(MARGIN, MARGIN)
        to_scene = painter.worldTransform()
        painter.setWorldTransform(self._base_transform)
        for node_id in node_ids:
            card = scene.cards[node_id]
            state = CardState(node_id in selection, node_id == highlight.card)
            card_style = CardStyle(style, state, text_level, camera.scale, ratio)
            pixmap = self._card_cache.pixmap(card, scene.content.card(node_id), card_style)
            corner = camera.to_view(card.rect.topLeft() - margin) * ratio
            painter.drawPixmap(QPointF(corner.toPoint()) / ratio, pixmap)
        painter.setWorldTransform(to_scene)

    def _paint_wires(
        self, painter: QPainter, wires: list[str], style: CanvasStyle, highlight: Highlight
    ) -> None:
        scene = self._scene
        broken = {key for key in wires if scene.content.is_broken(key)}
        selected = {
            key for key in wires if key in highlight.selected_wires or key == highlight.wire
        }
        plain = [key for key in wires if key not in broken and key not in selected]
        for keys, pen in (
            (plain, style.wire),
            (broken - selected, style.wire_broken),
            (selected, style.wire_selected),
        ):
            wide_pen = with_min_width(pen, 1.0 / self._camera.scale)
            paint_curves(painter, (scene.wires[key].curve for key in keys), wide_pen)

    def _paint_labels(
        self,
        painter: QPainter,
        wires: list[str],
        style: CanvasStyle,
        highlight: Highlight,
        font: QFont,
    ) -> None:
        """Draw shapes on wires: on request, and on broken wires if they cover nothing."""
        scene = self._scene
        label_rects: list[QRectF] = []
        for key in wires:
            broken = scene.content.is_broken(key)
            requested = (
                highlight.show_shapes or key == highlight.wire or key in highlight.selected_wires
            )
            text = scene.content.edge_text(key) if requested or broken else ""
            if not text:
                continue
            rect = label_rect(scene.wires[key].curve, text, font, style)
            if requested or not (
                scene.cards_within(rect) or any(map(rect.intersects, label_rects))
            ):
                text_colour = style.error if broken and requested else style.muted
                paint_label(painter, rect, text, font, (style.canvas, style.line, text_colour))
                label_rects.append(rect)

    def _paint_outlines(self, painter: QPainter, area: QRectF, style: CanvasStyle) -> None:
        """Outline selected cards and cards with problems on top of the overview."""
        scene, scale = self._scene, self._camera.scale
        selection = scene.document.selection & scene.cards.keys()
        problem_cards = scene.content.report.problems.keys() & scene.cards.keys()
        outlined: dict[tuple[CardStatus, bool], list[QRectF]] = {}
        for node_id in selection | problem_cards:
            status = scene.content.status(node_id) if node_id in problem_cards else CardStatus.PLAIN
            outlined.setdefault((status, node_id in selection), []).append(
                scene.cards[node_id].rect
            )
        for (status, selected), rects in outlined.items():
            pen = QPen(border_pen(status, style, CardState(selected)))
            pen.setWidthF(2.0 / scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawRects(rects)
        for (status, _), rects in outlined.items():
            for rect in rects if status in PROBLEM_STATUSES else ():
                if rect.intersects(area):
                    paint_badge(painter, rect, status, style, scale)

    def _paint_background(self, painter: QPainter, size: QSizeF, style: CanvasStyle) -> None:
        """Copy the dotted background, rendered once per size and scale."""
        step = GRID * self._camera.scale
        while step < _MIN_DOT_SPACING:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        state = (step, size.toTuple(), style, ratio)
        if self._background is None or self._background[0] != state:
            background_size = QSizeF(size.width() + step, size.height() + step)
            self._background = (state, _render_background(step, background_size, style, ratio))
        origin = self._camera.to_view(QPointF())
        corner = QPointF(origin.x() % step - step, origin.y() % step - step) * ratio
        painter.drawPixmap(QPointF(corner.toPoint()) / ratio, self._background[1])


def _render_background(
    step: float, size: QSizeF, style: CanvasStyle, pixel_ratio: float
) -> QPixmap:
    """Return a background with a dot at its corner and at every `step` from there."""
    background = QPixmap((size * pixel_ratio).toSize())
    background.setDevicePixelRatio(pixel_ratio)
    background.fill(style.canvas)
    tile = _grid_tile(step, style.grid, pixel_ratio)
    brush = QBrush(tile)
    width = tile.deviceIndependentSize().width()
    brush.setTransform(QTransform.fromScale(step / width, step / width))
    painter = QPainter(background)
    painter.fillRect(QRectF(QPointF(), size), brush)
    painter.end()
    return background


def _grid_tile(step: float, colour: QColor, pixel_ratio: float) -> QPixmap:
    """Return one tile of the grid with its dot at the corner."""
    side = max(1, round(step * pixel_ratio))
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    tile.setDevicePixelRatio(pixel_ratio)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    edge = side / pixel_ratio
    for x in (0.0, edge):
        for y in (0.0, edge):
            painter.drawEllipse(QPointF(x, y), 1.2, 1.2)
    painter.end()
    return tile
