"""Draws what a network wrote or told: pieces in their colours, marks, and what should stand there.

Right and wrong differ by a mark and a line too, not by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from dlstudio.gui.theme import current, font_size, text_font
from dlstudio.insight.sample_views import Line, Piece

_ROLES = {
    "given": "muted",
    "made": "text",
    "right": "good_text",
    "wrong": "error",
    "missing": "warning",
}
_GUTTER = 20.0
_COLUMN = 330.0
"""Texts stand in columns at least so wide."""
_BETWEEN = 22.0
_APART = 9.0
_NOT = " ≠ "
_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one line: its left end, the line's top, and the room it takes."""

    left: float
    top: float
    text: str
    piece: Piece
    wide: float


def draw_texts(painter: QPainter, room: QRectF, lines: Sequence[Line]) -> None:
    """Draw all lines in as many columns as fit, each behind its mark."""
    width = _column_width(room.width())
    for line, left, top in _places(lines, room.width()):
        corner = room.topLeft() + QPointF(left, top)
        _draw_mark(painter, corner, line.right)
        for placed in _runs(line, width - _GUTTER)[0]:
            _draw_run(painter, corner + QPointF(_GUTTER + placed.left, placed.top), placed)


def texts_height(lines: Sequence[Line], width: float) -> float:
    """Return the height in pixels of all lines at a width."""
    inner = _column_width(width) - _GUTTER
    ends = (top + _runs(line, inner)[1] for line, _, top in _places(lines, width))
    return max(ends, default=0.0) + _APART


def draw_caption(painter: QPainter, room: QRectF, line: Line) -> None:
    """Draw a line in the middle of a narrow room: `7 ≠ 1` where 1 would be right."""
    painter.setFont(text_font(11))
    metrics = QFontMetricsF(painter.font())
    parts = list(_caption(line))
    width = sum(metrics.horizontalAdvance(text) for text, _ in parts)
    left = room.left() + max((room.width() - width) / 2, 0.0)
    for text, colour in parts:
        space = room.right() - left
        if space < metrics.averageCharWidth():
            return
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, space)
        painter.setPen(colour)
        painter.drawText(QPointF(left, room.top() + metrics.ascent()), elided)
        left += metrics.horizontalAdvance(elided)


def _caption(line: Line) -> Iterator[tuple[str, QColor]]:
    theme = current()
    for piece in line.pieces:
        yield _shown(piece), theme.colour(_ROLES[piece.kind])
        if piece.truth:
            yield f"{_NOT}{piece.truth}", theme.colour("muted")


def _shown(piece: Piece) -> str:
    """Return a piece's text; what is missing stands in brackets."""
    if piece.kind != "missing":
        return piece.text
    text = piece.text.removeprefix(", ")
    return f"{', ' if text != piece.text else ''}({text})"


def _font() -> QFont:
    return text_font(font_size())


def _small() -> QFont:
    return text_font(max(font_size() - 3, 8))


def _column_width(width: float) -> float:
    across = max(1, int((width + _BETWEEN) // (_COLUMN + _BETWEEN)))
    return (width - (across - 1) * _BETWEEN) / across


def _places(lines: Sequence[Line], width: float) -> Iterator[tuple[Line, float, float]]:
    """Yield each line with its left end and top, always in the shortest column."""
    column = _column_width(width)
    tops = [0.0] * max(1, round((width + _BETWEEN) / (column + _BETWEEN)))
    for line in lines:
        index = tops.index(min(tops))
        yield line, index * (column + _BETWEEN), tops[index]
        tops[index] += _runs(line, column - _GUTTER)[1] + _APART


def _runs(line: Line, width: float) -> tuple[tuple[_Run, ...], float]:
    """Return where the pieces of a line stand in a room of a width, and how high all is."""
    return _laid_out(line, width, font_size())


@lru_cache(maxsize=256)
def _laid_out(line: Line, width: float, _size: int) -> tuple[tuple[_Run, ...], float]:
    metrics = QFontMetricsF(_font())
    small = QFontMetricsF(_small())
    line_height = metrics.height()
    placed_texts: list[_Run] = []
    left = top = below = 0.0
    for piece in line.pieces:
        for word in _broken(_shown(piece), metrics, width):
            advance = max(metrics.horizontalAdvance(word), small.horizontalAdvance(piece.truth))
            if word == "\n" or (left and left + advance > width):
                left, top, below = 0.0, top + line_height + below, 0.0
                word = word.strip("\n") if piece.truth else word.lstrip()  # noqa: PLW2901
            if not word:
                continue
            placed_texts.append(_Run(left, top, word, piece, advance))
            left += advance if piece.truth else metrics.horizontalAdvance(word)
            below = small.height() if piece.truth else below
    return tuple(placed_texts), top + line_height + below


def _broken(text: str, metrics: QFontMetricsF, width: float) -> Iterator[str]:
    """Yield words, spaces and ends of lines; a word too long for the room comes in parts."""
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


def _draw_run(painter: QPainter, corner: QPointF, run: _Run) -> None:
    theme = current()
    painter.setFont(_font())
    metrics = QFontMetricsF(painter.font())
    painter.setPen(theme.colour(_ROLES[run.piece.kind]))
    base = corner.y() + metrics.ascent()
    advance = metrics.horizontalAdvance(run.text)
    middle = corner.x() + run.wide / 2 if run.piece.truth else corner.x() + advance / 2
    painter.drawText(QPointF(middle - advance / 2, base), run.text)
    if run.piece.kind != "wrong":
        return
    painter.setPen(QPen(theme.colour("error"), 1.2))
    painter.drawLine(
        QPointF(middle - advance / 2, base + 2.5), QPointF(middle + advance / 2, base + 2.5)
    )
    if run.piece.truth and run.text.strip():
        painter.setFont(_small())
        painter.setPen(theme.colour("muted"))
        small = QFontMetricsF(painter.font())
        truth = run.piece.truth
        left = middle - small.horizontalAdvance(truth) / 2
        painter.drawText(QPointF(left, base + 3 + small.ascent()), truth)


def _draw_mark(painter: QPainter, corner: QPointF, right: bool | None) -> None:
    """Draw a tick or a cross."""
    if right is None:
        return
    middle = corner + QPointF(7, QFontMetricsF(_font()).height() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if right:
        painter.setPen(QPen(current().colour("good_text"), 1.8))
        tick = [QPointF(-4, 0), QPointF(-1, 3.5), QPointF(4.5, -4)]
        painter.drawPolyline([middle + point for point in tick])
        return
    painter.setPen(QPen(current().colour("error"), 1.8))
    for sign in (1, -1):
        arm = QPointF(3.5, 3.5 * sign)
        painter.drawLine(middle - arm, middle + arm)
