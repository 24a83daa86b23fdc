"""Draws a sticky note."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextOption

from dlstudio.design.model.model import Note
from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, blend

DEFAULT_COLOUR = "#d3b90b"
PADDING = 12.0
MINIMUM_WIDTH = 100.0
MINIMUM_HEIGHT = 48.0


def paint_note(
    painter: QPainter, note: Note, rect: QRectF, style: CanvasStyle, selected: bool
) -> None:
    """Draw the note's background, text and resize handle."""
    tint = QColor(note.colour or DEFAULT_COLOUR)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(blend(tint, style.canvas, 0.14 if style.theme.is_dark else 0.22))
    painter.setPen(style.selected if selected else QPen(blend(tint, style.canvas, 0.45), 1.0))
    painter.drawRoundedRect(rect, 6.0, 6.0)
    painter.setPen(style.text)
    painter.setFont(style.body_font)
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    inside = rect.adjusted(PADDING, PADDING - 2, -PADDING, -6)
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.drawText(inside, note.text, wrapping)
    painter.restore()
    painter.setPen(QPen(blend(tint, style.canvas, 0.6), 1.2))
    corner = rect.bottomRight()
    for reach in (5.0, 9.0):
        painter.drawLine(corner - QPointF(reach, 3.0), corner - QPointF(3.0, reach))
