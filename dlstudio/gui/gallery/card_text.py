"""Draws the texts of a gallery card below its picture."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from dlstudio.design.library.example_cards import LEVELS
from dlstudio.gui.gallery.card_info import CardInfo
from dlstudio.gui.gallery.card_metrics import CARD_SIZES, CardLook, scale
from dlstudio.gui.gallery.card_painter import draw_level, draw_number, elided, wrapped_lines
from dlstudio.gui.style.theme import current_theme, font_size, text_font
from dlstudio.gui.widgets.number_format import format_si

WATCH = "Watch it train"
_NARROW = 280
"""Narrower large cards get one more line."""


class CardState(Protocol):
    """What the texts of a card depend on.

    Attributes:
        number: Place in the reading order, 0 for none.
        is_pointed_at: Whether the pointer is over the card.
    """

    info: CardInfo
    look: CardLook
    number: int
    is_pointed_at: bool


def draw_text(painter: QPainter, rect: QRectF, card: CardState) -> None:
    """Draw title, description and facts."""
    theme, factor, info = current_theme(), scale(), card.info
    padding = 14 if card.look is CardLook.LARGE else 11
    left, width = rect.left() + padding, rect.width() - 2 * padding
    narrow = rect.width() < _NARROW
    larger = 0 if narrow else CARD_SIZES[card.look].title
    title = text_font(font_size() + larger, QFont.Weight.DemiBold)
    y = rect.top() + (12 if card.look is CardLook.LARGE else 9) * factor
    height = QFontMetricsF(title).height()
    indent = 0.0
    if card.number:
        painter.setFont(small_font())
        draw_number(painter, QRectF(left, y - 1, 20 * factor, 20 * factor), card.number, theme)
        indent = 26 * factor
    painter.setFont(title)
    painter.setPen(theme.colour("text"))
    painter.drawText(
        QRectF(left + indent, y, width - indent, height + 2),
        Qt.AlignmentFlag.AlignLeft,
        elided(info.title, title, width - indent),
    )
    y += height + (6 if card.look is CardLook.LARGE else 3) * factor
    font = small_font()
    painter.setFont(font)
    line_height = QFontMetricsF(font).height() + 1
    lines = CARD_SIZES[card.look].lines + (card.look is CardLook.LARGE and narrow)
    for text in wrapped_lines(info.line, font, width, lines):
        painter.drawText(QRectF(left, y, width + 4, line_height), text)
        y += line_height
    _draw_facts(painter, QRectF(left, rect.bottom() - 26 * factor, width, 18 * factor), card)


def _draw_facts(painter: QPainter, row: QRectF, card: CardState) -> None:
    theme, info, large = current_theme(), card.info, card.look is CardLook.LARGE
    large = large and row.width() > _NARROW
    x = draw_level(painter, QPointF(row.left(), row.center().y() + 5), info.level, theme)
    facts = [LEVELS[info.level]] if large else []
    if info.seconds:
        facts.append(f"{info.seconds} to train" if large else info.seconds)
    middle = Qt.AlignmentFlag.AlignVCenter
    right = middle | Qt.AlignmentFlag.AlignRight
    painter.setFont(small_font())
    if card.is_pointed_at and not large:
        facts = []
    painter.setPen(theme.colour("muted"))
    painter.drawText(row.adjusted(x + 4, 0, 0, 0), middle, "    ".join(facts))
    if card.is_pointed_at:
        painter.setPen(theme.colour("accent_text"))
        painter.drawText(row, right, f"▶ {WATCH}")
    elif info.trained:
        painter.setPen(theme.colour("good_text"))
        suffix = f" {info.subset}" if large and info.metric else ""
        painter.drawText(row, right, f"✓ {_result(info, row, facts) or 'trained'}{suffix}")
    elif info.metric:
        painter.drawText(row, right, f"{_result(info, row, facts)}{f' {info.subset}' * large}")


def _result(info: CardInfo, row: QRectF, facts: list[str]) -> str:
    """Return the result, without the name of its metric if the row is too narrow."""
    metrics = QFontMetricsF(small_font())
    used = 50 + metrics.horizontalAdvance("    ".join(facts))
    text = info.metric
    if used + metrics.horizontalAdvance(text) < row.width():
        return text
    return text if text.endswith("%") else ""


def draw_slim_text(painter: QPainter, rect: QRectF, info: CardInfo) -> None:
    """Draw title, year and parameters."""
    theme = current_theme()
    left, width = rect.left() + 11, rect.width() - 22
    title, small = text_font(weight=QFont.Weight.DemiBold), small_font()
    row = QRectF(left, rect.top() + 2, width, QFontMetricsF(title).height())
    painter.setFont(small)
    painter.setPen(theme.colour("muted"))
    year = str(info.year or "")
    painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, year)
    used = QFontMetricsF(small).horizontalAdvance(year) + 8
    below = row.translated(0, row.height() + 1)
    if info.parameters:
        painter.drawText(below, f"{format_si(info.parameters)} parameters")
    else:
        painter.drawText(below, elided(info.line, small, width))
    painter.setFont(title)
    painter.setPen(theme.colour("text"))
    painter.drawText(row, elided(info.title, title, width - used))


def small_font() -> QFont:
    """Return the font of descriptions and facts."""
    return text_font(max(font_size() - 1, 11))
