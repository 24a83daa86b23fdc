"""Draws predicted texts: token spans in colour, marks for right and wrong, and the true tokens.

Right and wrong differ by a mark and an underline too, not by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from dlstudio.gui.style.theme import current_theme, font_size, text_font
from dlstudio.insight.samples.sample_views import TokenLine, TokenSpan

_ROLES = {
    "given": "muted",
    "made": "text",
    "right": "good_text",
    "wrong": "warning",
    "missing": "warning",
}
_GUTTER = 20.0
_MIN_COLUMN_WIDTH = 330.0
"""Minimum width of a column of texts."""
_COLUMN_GAP = 22.0
_LINE_GAP = 9.0
_CROSS = "✕\u00a0"
CAPTION_ROW = 15.0
_BELOW_CAPTION = 2.0
_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


@dataclass(frozen=True, slots=True)
class _PlacedText:
    """A span of text in one line: its left end, the line's top, and its width."""

    left: float
    top: float
    text: str
    span: TokenSpan
    width: float


def draw_texts(painter: QPainter, area: QRectF, lines: Sequence[TokenLine]) -> None:
    """Draw all lines in as many columns as fit, each after its mark."""
    width = _column_width(area.width())
    for line, left, top in _line_positions(lines, area.width()):
        corner = area.topLeft() + QPointF(left, top)
        _draw_mark(painter, corner, line.is_correct)
        for placed in _place_texts(line, width - _GUTTER)[0]:
            _draw_placed_text(painter, corner + QPointF(_GUTTER + placed.left, placed.top), placed)


def texts_height(lines: Sequence[TokenLine], width: float) -> float:
    """Return the height in pixels of all lines at a width."""
    inner = _column_width(width) - _GUTTER
    ends = (top + _place_texts(line, inner)[1] for line, _, top in _line_positions(lines, width))
    return max(ends, default=0.0) + _LINE_GAP


def draw_caption(painter: QPainter, area: QRectF, line: TokenLine) -> None:
    """Draw centred rows in a narrow area: `✕ 7` above `true 1` if 1 would be right."""
    painter.setFont(text_font(11))
    metrics = QFontMetricsF(painter.font())
    for number, row in enumerate(caption_rows(line, area.width(), metrics)):
        width = sum(metrics.horizontalAdvance(text) for text, _ in row)
        left = area.left() + (area.width() - width) / 2
        base = area.top() + number * CAPTION_ROW + metrics.ascent()
        for text, role in row:
            painter.setPen(current_theme().colour(role))
            painter.drawText(QPointF(left, base), text)
            left += metrics.horizontalAdvance(text)


def caption_width(lines: Sequence[TokenLine], minimum: float, maximum: float) -> float:
    """Return the width at which each part of the captions stands in one row, within limits."""
    metrics = QFontMetricsF(text_font(11))
    parts = (text for line in lines for text, _ in _caption_parts(line))
    longest = max((metrics.horizontalAdvance(text) for text in parts), default=0.0)
    return min(max(longest + 1.0, minimum), maximum)


def captions_height(lines: Sequence[TokenLine], width: float) -> float:
    """Return the height of the tallest of several captions of a width."""
    metrics = QFontMetricsF(text_font(11))
    rows = max((len(caption_rows(line, width, metrics)) for line in lines), default=0)
    return rows * CAPTION_ROW + _BELOW_CAPTION


def caption_rows(
    line: TokenLine, width: float, metrics: QFontMetricsF
) -> list[list[tuple[str, str]]]:
    """Return the rows of a caption: texts with the names of their colours.

    What would be right stands in a row of its own; words that do not fit go to the next row.
    """
    rows: list[list[tuple[str, str]]] = [[]]
    left = 0.0
    for text, role in _caption_parts(line):
        words = ["\n"] if text == "\n" else _break_words(text, metrics, width)
        for word in words:
            advance = metrics.horizontalAdvance(word)
            if word == "\n" or (left and left + advance > width):
                rows.append([])
                left, word = 0.0, word.strip()  # noqa: PLW2901
                advance = metrics.horizontalAdvance(word)
            if word:
                rows[-1].append((word, role))
                left += advance
    return [row for row in rows if row]


def _caption_parts(line: TokenLine) -> Iterator[tuple[str, str]]:
    for span in line.spans:
        cross = _CROSS if span.kind == "wrong" and span.truth else ""
        yield f"{cross}{_span_text(span)}", _ROLES[span.kind]
        if span.truth:
            yield "\n", "muted"
            yield f"true {span.truth}", "muted"


def _span_text(span: TokenSpan) -> str:
    """Return a span's text; missing tokens in parentheses."""
    if span.kind != "missing":
        return span.text
    text = span.text.removeprefix(", ")
    return f"{', ' if text != span.text else ''}({text})"


def _font() -> QFont:
    return text_font(font_size())


def _small_font() -> QFont:
    return text_font(max(font_size() - 3, 8))


def _column_width(width: float) -> float:
    across = max(1, int((width + _COLUMN_GAP) // (_MIN_COLUMN_WIDTH + _COLUMN_GAP)))
    return (width - (across - 1) * _COLUMN_GAP) / across


def _line_positions(
    lines: Sequence[TokenLine], width: float
) -> Iterator[tuple[TokenLine, float, float]]:
    """Yield each line with its left end and top, placed in the shortest column."""
    column = _column_width(width)
    tops = [0.0] * max(1, round((width + _COLUMN_GAP) / (column + _COLUMN_GAP)))
    for line in lines:
        index = tops.index(min(tops))
        yield line, index * (column + _COLUMN_GAP), tops[index]
        tops[index] += _place_texts(line, column - _GUTTER)[1] + _LINE_GAP


def _place_texts(line: TokenLine, width: float) -> tuple[tuple[_PlacedText, ...], float]:
    """Return the positions of a line's spans at a width, and the total height."""
    return _layout_line(line, width, font_size())


@lru_cache(maxsize=256)
def _layout_line(
    line: TokenLine, width: float, _size: int
) -> tuple[tuple[_PlacedText, ...], float]:
    metrics = QFontMetricsF(_font())
    small = QFontMetricsF(_small_font())
    line_height = metrics.height()
    placed_texts: list[_PlacedText] = []
    left = top = below = 0.0
    for span in _with_named_truth(line.spans):
        for word in _break_words(_span_text(span), metrics, width):
            advance = max(metrics.horizontalAdvance(word), small.horizontalAdvance(span.truth))
            if word == "\n" or (left and left + advance > width):
                left, top, below = 0.0, top + line_height + below, 0.0
                word = word.strip("\n") if span.truth else word.lstrip()  # noqa: PLW2901
            if not word:
                continue
            placed_texts.append(_PlacedText(left, top, word, span, advance))
            left += advance if span.truth else metrics.horizontalAdvance(word)
            below = small.height() if span.truth else below
    return tuple(placed_texts), top + line_height + below


def _with_named_truth(spans: Sequence[TokenSpan]) -> Sequence[TokenSpan]:
    """Return the spans; if only one is wrong, what would be right reads `true 1`."""
    if sum(bool(span.truth) for span in spans) != 1:
        return spans
    return [replace(span, truth=f"true {span.truth}") if span.truth else span for span in spans]


def _break_words(text: str, metrics: QFontMetricsF, width: float) -> Iterator[str]:
    """Yield words, spaces and line breaks; a word wider than `width` is split."""
    for word in _WORDS.findall(text):
        if metrics.horizontalAdvance(word) <= width:
            yield word
            continue
        fragment = ""
        for character in word:
            if fragment and metrics.horizontalAdvance(fragment + character) > width:
                yield fragment
                fragment = ""
            fragment += character
        yield fragment


def _draw_placed_text(painter: QPainter, corner: QPointF, placed: _PlacedText) -> None:
    theme = current_theme()
    painter.setFont(_font())
    metrics = QFontMetricsF(painter.font())
    painter.setPen(theme.colour(_ROLES[placed.span.kind]))
    base = corner.y() + metrics.ascent()
    advance = metrics.horizontalAdvance(placed.text)
    centre = corner.x() + placed.width / 2 if placed.span.truth else corner.x() + advance / 2
    painter.drawText(QPointF(centre - advance / 2, base), placed.text)
    if placed.span.kind != "wrong":
        return
    painter.setPen(QPen(theme.colour("warning"), 1.2))
    painter.drawLine(
        QPointF(centre - advance / 2, base + 2.5), QPointF(centre + advance / 2, base + 2.5)
    )
    if placed.span.truth and placed.text.strip():
        painter.setFont(_small_font())
        painter.setPen(theme.colour("muted"))
        small = QFontMetricsF(painter.font())
        truth = placed.span.truth
        left = centre - small.horizontalAdvance(truth) / 2
        painter.drawText(QPointF(left, base + 3 + small.ascent()), truth)


def _draw_mark(painter: QPainter, corner: QPointF, is_right: bool | None) -> None:
    """Draw a tick or a cross."""
    if is_right is None:
        return
    centre = corner + QPointF(7, QFontMetricsF(_font()).height() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_right:
        painter.setPen(QPen(current_theme().colour("good_text"), 1.8))
        tick = [QPointF(-4, 0), QPointF(-1, 3.5), QPointF(4.5, -4)]
        painter.drawPolyline([centre + point for point in tick])
        return
    painter.setPen(QPen(current_theme().colour("warning"), 1.8))
    for sign in (1, -1):
        arm = QPointF(3.5, 3.5 * sign)
        painter.drawLine(centre - arm, centre + arm)
