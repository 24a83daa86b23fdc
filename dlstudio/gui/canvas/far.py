"""The design from far away: all wires in a few paths, all cards in a few batches of rectangles."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from dlstudio.gui.canvas.describe import Description
from dlstudio.gui.canvas.geometry import curve_points
from dlstudio.gui.canvas.ink import Ink, blend
from dlstudio.gui.canvas.scene import Scene

_STEPS = 6


class FarPicture:
    """Batches worked out once per revision of the scene."""

    def __init__(self, scene: Scene) -> None:
        """Draw all of `scene`."""
        self._scene = scene
        self._revision = -1
        self._cards: dict[tuple[str, str], list[QRectF]] = {}
        self._lines: list[QLineF] = []
        self._broken: list[QLineF] = []

    def paint(self, painter: QPainter, ink: Ink, scale: float, hidden: frozenset[str]) -> None:
        """Draw every wire and every card."""
        if self._revision != self._scene.revision:
            self._batch()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for lines, pen in ((self._lines, ink.wire), (self._broken, ink.wire_broken)):
            thin = QPen(blend(pen.color(), ink.canvas, 0.8), 0)
            thin.setCosmetic(True)
            painter.setPen(thin)
            painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for (category, colour), rects in self._cards.items():
            painter.setBrush(QBrush(ink.stripe(category, colour)))
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _batch(self) -> None:
        scene = self._scene
        self._revision = scene.revision
        self._cards = {}
        for card in scene.cards.values():
            description: Description = card.description
            group = self._cards.setdefault((description.category, card.colour), [])
            group.append(card.rect)
        self._lines, self._broken = [], []
        for key, wire in scene.wires.items():
            lines = self._broken if scene.is_broken(key) else self._lines
            start, end = wire.curve[0], wire.curve[3]
            if abs(start.y() - end.y()) < 1.0 and start.x() <= end.x():
                lines.append(QLineF(start, end))
                continue
            points = curve_points(wire.curve, _STEPS)
            lines.extend(map(QLineF, points, points[1:]))
