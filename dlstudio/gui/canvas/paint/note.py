"""Draws a sticky note."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dlstudio.design.model.model import Note
from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, blend
from dlstudio.gui.canvas.scene.note_size import (
    PADDING,
    PADDING_BOTTOM,
    PADDING_TOP,
    note_wrapping,
)

DEFAULT_COLOUR = "#d3b90b"
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
    inside = rect.adjusted(PADDING, PADDING_TOP, -PADDING, -PADDING_BOTTOM)
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.drawText(inside, note.text, note_wrapping())
    painter.restore()
    painter.setPen(QPen(blend(tint, style.canvas, 0.6), 1.2))
    corner = rect.bottomRight()
    for reach in (5.0, 9.0):
        painter.drawLine(corner - QPointF(reach, 3.0), corner - QPointF(3.0, reach))
