"""Draws the number of a card as a badge on the card's lower edge."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, TextLevel
from dlstudio.gui.canvas.scene.card_values import CardValue

_RIGHT = 8.0
_PADDING = 6.0
_LEADING = 2.0
_PLAIN_SIZE = (34.0, 11.0)
"""Size of a badge whose number would be illegible."""
_OUTLINE = 1.5


def badge_rect(card: QRectF, value: CardValue, style: CanvasStyle, level: TextLevel) -> QRectF:
    """Return the rectangle of a badge, centred on the lower edge of its card."""
    width, height = _PLAIN_SIZE
    if level.small_font is not None:
        width = style.text_width(level.small_font, value.text) + 2 * _PADDING
        height = style.line_height(level.small_font) + _LEADING
    width = min(width, card.width())
    left = max(card.right() - _RIGHT - width, card.left())
    return QRectF(left, card.bottom() - height / 2, width, height)


def paint_value_badge(
    painter: QPainter, card: QRectF, value: CardValue, style: CanvasStyle, level: TextLevel
) -> None:
    """Draw a badge in the colour of its value; without the number if that would be illegible."""
    rect = badge_rect(card, value, style, level)
    radius = min(rect.height() / 2, 7.0)
    fill = style.value_colour(value.share)
    painter.setPen(QPen(style.canvas, _OUTLINE))
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, radius, radius)
    if level.small_font is None:
        return
    painter.setFont(level.small_font)
    painter.setPen(style.text_colour_on(fill))
    text = style.elided(level.small_font, value.text, rect.width() - _PADDING)
    painter.drawText(rect.translated(QPointF(0, -0.5)), Qt.AlignmentFlag.AlignCenter, text)
