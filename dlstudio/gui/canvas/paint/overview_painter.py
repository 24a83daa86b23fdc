"""Draws the design when zoomed far out: batches of coloured rectangles and lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, blend
from dlstudio.gui.canvas.scene.geometry import curve_points
from dlstudio.gui.canvas.scene.scene import Scene

_CURVE_STEPS = 6


@dataclass
class _Batch:
    """Card rectangles by category and colour, and the lines of valid and broken wires."""

    cards: dict[tuple[str, str], list[QRectF]] = field(default_factory=dict)
    lines: list[QLineF] = field(default_factory=list)
    broken: list[QLineF] = field(default_factory=list)


class OverviewPainter:
    """Batches built once per revision of the scene; a drag only translates them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._revision = -1
        self._stationary, self._dragged = _Batch(), _Batch()

    def paint(self, painter: QPainter, style: CanvasStyle) -> None:
        """Draw every wire and every card."""
        if self._revision != self._scene.revision:
            self._rebuild()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        stretched = _Batch()
        for key in self._scene.drag.stretched_wires & self._scene.wires.keys():
            self._add_wire(stretched, key, QPointF())
        offset = self._scene.drag.offset
        self._paint(painter, self._stationary, style)
        self._paint(painter, stretched, style)
        painter.translate(offset)
        self._paint(painter, self._dragged, style)
        painter.translate(-offset)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint(self, painter: QPainter, batch: _Batch, style: CanvasStyle) -> None:
        for lines, pen in ((batch.lines, style.wire), (batch.broken, style.wire_broken)):
            thin = QPen(blend(pen.color(), style.canvas, 0.8), 0)
            thin.setCosmetic(True)
            painter.setPen(thin)
            painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for (category, colour), rects in batch.cards.items():
            painter.setBrush(QBrush(style.stripe(category, colour)))
            painter.drawRects(rects)

    def _rebuild(self) -> None:
        scene, drag = self._scene, self._scene.drag
        self._revision = scene.revision
        self._stationary, self._dragged = _Batch(), _Batch()
        for node_id, card in scene.cards.items():
            batch = self._dragged if node_id in drag.ids else self._stationary
            group = batch.cards.setdefault((card.description.category, card.colour), [])
            group.append(card.rect.translated(-drag.offset_of(node_id)))
        for key in scene.wires.keys() - drag.stretched_wires:
            batch = self._dragged if key in drag.wires else self._stationary
            self._add_wire(batch, key, drag.offset_of(key))

    def _add_wire(self, batch: _Batch, key: str, offset: QPointF) -> None:
        lines = batch.broken if self._scene.content.is_broken(key) else batch.lines
        curve = self._scene.wires[key].curve
        start, end = curve[0], curve[3]
        if abs(start.y() - end.y()) < 1.0 and start.x() <= end.x():
            lines.append(QLineF(start - offset, end - offset))
            return
        points = [point - offset for point in curve_points(curve, _CURVE_STEPS)]
        lines.extend(map(QLineF, points, points[1:]))
