"""A row of small bars on a card: what a layer gives out that is no picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dlstudio.gui.theme import Theme

_WIDEST = 10.0


@dataclass(frozen=True)
class SmallBars:
    """Bars above and below a line at zero, in card units."""

    above: list[QRectF]
    below: list[QRectF]
    zero: QLineF

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw them in the colours that the bars of the activations have."""
        painter.setPen(Qt.PenStyle.NoPen)
        for bars, colour in ((self.above, theme.accent), (self.below, theme.curves[1])):
            if bars:
                painter.setBrush(QColor(colour))
                painter.drawRects(bars)
        painter.setPen(QPen(theme.colour("muted"), 0.6))
        painter.drawLine(self.zero)


def small_bars(row: list[int], width: float, height: float) -> SmallBars:
    """Return the bars of figures, few of them not grown into blocks."""
    low, high = min(0, *row), max(0, *row)
    unit = height / max(high - low, 1)
    zero, step = high * unit, min(width / len(row), _WIDEST)
    thick = step - min(1.0, step * 0.25)
    above = [
        QRectF(at * step, zero - y * unit, thick, y * unit) for at, y in enumerate(row) if y > 0
    ]
    below = [QRectF(at * step, zero, thick, -y * unit) for at, y in enumerate(row) if y < 0]
    return SmallBars(above, below, QLineF(0, zero, len(row) * step, zero))
