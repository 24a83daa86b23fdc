"""Lays out a card's texts: all of them when zoomed in, title and shape when zoomed out."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QStaticText

from dlstudio.gui.canvas.model.card_content import (
    UNFINISHED,
    CardContent,
    CardStatus,
)
from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, TextLevel
from dlstudio.gui.canvas.scene.geometry import CARD_WIDTH, PLAIN_HEIGHT

LEFT = 18.0
RIGHT = 8.0
TEXT_WIDTH = CARD_WIDTH - LEFT - RIGHT
THUMBNAILS_TOP = 52.0
_MIN_GAP = 6.0
"""Minimum space between the two texts of a row."""
_SEPARATOR = " · "

PlacedText = tuple[QStaticText, QPointF, QFont, str]
"""A text, its position on the card, its font, and its colour: `text`, `muted` or `error`."""


@lru_cache(maxsize=20_000)
def layout_card_text(
    content: CardContent, style: CanvasStyle, text_level: TextLevel, height: float
) -> tuple[PlacedText, ...]:
    """Return the elided texts of a card with their positions."""
    font = _title_font(content.title, style, text_level)
    name_height, line = style.line_height(text_level.title_fonts[0]), text_level.output_font
    if line is None or not content.output_text:
        top = (min(height, PLAIN_HEIGHT) - name_height) / 2
        return tuple(
            _first_row(content, style, text_level, font, top if height < PLAIN_HEIGHT + 1 else 8)
        )
    free = PLAIN_HEIGHT - name_height - style.line_height(line)
    top = max(0.0, free * 0.42)
    below = PLAIN_HEIGHT - style.line_height(line) - max(0.0, free * 0.38)
    return (
        *_first_row(content, style, text_level, font, top),
        *_second_row(content, style, text_level, below),
    )


def _title_font(title: str, style: CanvasStyle, text_level: TextLevel) -> QFont:
    """Return the largest font in which the title fits, else the smallest."""
    fitting = (
        font for font in text_level.title_fonts if style.text_width(font, title) <= TEXT_WIDTH
    )
    return next(fitting, text_level.title_fonts[-1])


def _first_row(
    content: CardContent, style: CanvasStyle, text_level: TextLevel, font: QFont, top: float
) -> list[PlacedText]:
    """Return the title, and the summary in the remaining space."""
    title = style.elided(font, content.title, TEXT_WIDTH)
    base = top + style.ascent(text_level.title_fonts[0])
    muted = content.status in UNFINISHED and not content.has_shape
    colour = "muted" if muted else "text"
    row = [(_static_text(title), QPointF(LEFT, base - style.ascent(font)), font, colour)]
    small = text_level.small_font
    if small is None or not content.card_summary:
        return row
    space = TEXT_WIDTH - style.text_width(font, title) - _MIN_GAP
    summary = fitting_summary(small, content.card_summary, style, space)
    if summary:
        x = CARD_WIDTH - RIGHT - style.text_width(small, summary)
        row.append((_static_text(summary), QPointF(x, base - style.ascent(small)), small, "muted"))
    return row


def _second_row(
    content: CardContent, style: CanvasStyle, text_level: TextLevel, top: float
) -> list[PlacedText]:
    """Return the shape, or the reason there is none, and the parameter count if it fits."""
    text, font = _shape_or_reason(content, style, text_level)
    small_font, line = text_level.small_font, style.elided(font, text, TEXT_WIDTH)
    colour = "error" if content.status is CardStatus.ERROR else "text"
    colour = colour if content.has_shape or content.status not in UNFINISHED else "muted"
    row = [(_static_text(line), QPointF(LEFT, top), font, colour)]
    if small_font is None or not content.parameter_text:
        return row
    width = style.text_width(small_font, content.parameter_text)
    if style.text_width(font, line) + _MIN_GAP + width <= TEXT_WIDTH:
        position = QPointF(
            CARD_WIDTH - RIGHT - width, top + style.ascent(font) - style.ascent(small_font)
        )
        row.append((_static_text(content.parameter_text), position, small_font, "muted"))
    return row


def _shape_or_reason(
    content: CardContent, style: CanvasStyle, text_level: TextLevel
) -> tuple[str, QFont]:
    """Return the second row's text, and the largest font in which it fits."""
    if content.has_shape and text_level.output_font is not None:
        font = text_level.output_font
        return _fitting_shapes(font, content.output_text, style), font
    for text in filter(None, (content.output_text, content.fallback_text)):
        for font in text_level.reason_fonts:
            if style.text_width(font, text) <= TEXT_WIDTH:
                return text, font
    return content.output_text, text_level.reason_fonts[-1]


def fitting_summary(font: QFont, text: str, style: CanvasStyle, space: float) -> str:
    """Return as much of a summary as fits in whole words, empty if nothing does.

    Parts go from the end, the words of the first part from the front: `generated sample` becomes
    `sample`.
    """
    parts = text.split(_SEPARATOR)
    while len(parts) > 1 and style.text_width(font, _SEPARATOR.join(parts)) > space:
        parts.pop()
    words = _SEPARATOR.join(parts).split(" ")
    while words and style.text_width(font, " ".join(words)) > space:
        words.pop(0)
    return " ".join(words) if any(word.isalnum() for word in words) or len(parts) > 1 else ""


def _fitting_shapes(font: QFont, text: str, style: CanvasStyle) -> str:
    """Return output shapes; of several as many as fit, and the number of the others."""
    parts = text.split(_SEPARATOR)
    for count in range(len(parts), 0, -1):
        rest = f" +{len(parts) - count}" if count < len(parts) else ""
        shown = f"{_SEPARATOR.join(parts[:count])}{rest}"
        if style.text_width(font, shown) <= TEXT_WIDTH:
            return shown
    return parts[0]


def _static_text(text: str) -> QStaticText:
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return static
