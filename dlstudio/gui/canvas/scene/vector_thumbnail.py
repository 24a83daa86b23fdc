"""A row of small bars on a card, for layer outputs that are vectors."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dlstudio.gui.style.theme import Theme

_MAX_BAR_STEP = 10.0


class VectorThumbnail:
    """Bars above and below a zero line; their rectangles are computed when first painted."""

    def __init__(self, row: list[int], width: float, height: float) -> None:
        """Scale the values to `width` × `height`; a bar is at most `_MAX_BAR_STEP` wide."""
        self._row = row
        low, high = min(0, *row), max(0, *row)
        self._unit = height / max(high - low, 1)
        self._zero = high * self._unit
        self._step = min(width / len(row), _MAX_BAR_STEP)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw the bars in the colours of the activation charts."""
        above, below = self._bars
        painter.setPen(Qt.PenStyle.NoPen)
        for bars, colour in ((above, theme.accent), (below, theme.curves[1])):
            if bars:
                painter.setBrush(QColor(colour))
                painter.drawRects(bars)
        painter.setPen(QPen(theme.colour("muted"), 0.6))
        painter.drawLine(QLineF(0, self._zero, len(self._row) * self._step, self._zero))

    @cached_property
    def _bars(self) -> tuple[list[QRectF], list[QRectF]]:
        step, zero, unit = self._step, self._zero, self._unit
        bar_width = step - min(1.0, step * 0.25)
        values = list(enumerate(self._row))
        above = [
            QRectF(index * step, zero - y * unit, bar_width, y * unit)
            for index, y in values
            if y > 0
        ]
        below = [QRectF(index * step, zero, bar_width, -y * unit) for index, y in values if y < 0]
        return above, below
