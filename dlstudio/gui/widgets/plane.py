"""The framed background of widgets that draw points."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.gui.style.theme import current_theme

_RADIUS = 8


def begin_plane(widget: QWidget) -> QPainter:
    """Return a painter on a widget with background and frame drawn; the caller must end it."""
    theme = current_theme()
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("line"))
    painter.setBrush(theme.colour("canvas"))
    area = QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, _RADIUS, _RADIUS)
    return painter
