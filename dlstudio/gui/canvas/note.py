"""Draws a sticky note."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextOption

from dlstudio.design.model import Note
from dlstudio.gui.canvas.ink import Ink, blend

DEFAULT_COLOUR = "#d3b90b"
PADDING = 12.0
HANDLE = 14.0
MINIMUM_WIDTH = 100.0
MINIMUM_HEIGHT = 48.0


def paint_note(painter: QPainter, note: Note, rect: QRectF, ink: Ink, chosen: bool) -> None:
    """Draw the note's sheet and text."""
    tint = QColor(note.colour or DEFAULT_COLOUR)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(blend(tint, ink.canvas, 0.14 if ink.theme.is_dark else 0.22))
    painter.setPen(ink.selected if chosen else QPen(blend(tint, ink.canvas, 0.45), 1.0))
    painter.drawRoundedRect(rect, 6.0, 6.0)
    painter.setPen(ink.text)
    painter.setFont(ink.body)
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    inside = rect.adjusted(PADDING, PADDING - 2, -PADDING, -6)
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.drawText(inside, note.text, wrapping)
    painter.restore()
    painter.setPen(QPen(blend(tint, ink.canvas, 0.6), 1.2))
    corner = rect.bottomRight()
    for reach in (5.0, 9.0):
        painter.drawLine(corner - QPointF(reach, 3.0), corner - QPointF(3.0, reach))


def handle_rect(rect: QRectF) -> QRectF:
    """Return the corner by which a note is resized."""
    return QRectF(rect.right() - HANDLE, rect.bottom() - HANDLE, HANDLE, HANDLE)
