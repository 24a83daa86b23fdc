"""Lays out the words of a card: all of them near by, the name and the shape from farther away."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QStaticText

from dlstudio.gui.canvas.faces import Face, Tone
from dlstudio.gui.canvas.geometry import CARD_WIDTH, PLAIN_HEIGHT
from dlstudio.gui.canvas.ink import Ink, Lettering

LEFT = 18.0
RIGHT = 8.0
ROOM = CARD_WIDTH - LEFT - RIGHT
THUMBNAILS_TOP = 52.0
_BETWEEN = 8.0
"""Least space between two words of a line."""
_PART = " · "
_SHORTEST = 3
"""A setting cut to fewer letters is left out."""

Placed = tuple[QStaticText, QPointF, QFont, bool]
"""A text, its place on the card, its font, and whether it is muted."""


@lru_cache(maxsize=20_000)
def words(face: Face, ink: Ink, letters: Lettering, height: float) -> tuple[Placed, ...]:
    """Return the texts of a card of this height, elided and laid out."""
    font = _name_font(face.title, ink, letters)
    name_height, line = ink.height(letters.names[0]), letters.line
    if line is None or not face.line:
        top = (min(height, PLAIN_HEIGHT) - name_height) / 2
        return tuple(_first_row(face, ink, letters, font, top if height < PLAIN_HEIGHT + 1 else 8))
    free = PLAIN_HEIGHT - name_height - ink.height(line)
    top = max(0.0, free * 0.42)
    below = PLAIN_HEIGHT - ink.height(line) - max(0.0, free * 0.38)
    return (
        *_first_row(face, ink, letters, font, top),
        *_second_row(face, ink, line, letters.small, below),
    )


def _name_font(title: str, ink: Ink, letters: Lettering) -> QFont:
    """Return the largest font in which the title fits, else the smallest."""
    fitting = (font for font in letters.names if ink.width(font, title) <= ROOM)
    return next(fitting, letters.names[-1])


def _first_row(face: Face, ink: Ink, letters: Lettering, font: QFont, top: float) -> list[Placed]:
    """Return the title, and the telling setting in what room it leaves."""
    title = ink.elided(font, face.title, ROOM)
    base = top + ink.ascent(letters.names[0])
    muted = face.tone is Tone.WAITING and letters.line is None
    row = [(_static(title), QPointF(LEFT, base - ink.ascent(font)), font, muted)]
    small = letters.small
    if small is None or not face.telling:
        return row
    space = ROOM - ink.width(font, title) - _BETWEEN
    summary = _by_parts(small, face.telling, ink, space, _PART)
    if not summary.endswith("…") or len(summary) > _SHORTEST:
        x = CARD_WIDTH - RIGHT - ink.width(small, summary)
        row.append((_static(summary), QPointF(x, base - ink.ascent(small)), small, True))
    return row


def _second_row(face: Face, ink: Ink, font: QFont, small: QFont | None, top: float) -> list[Placed]:
    """Return the shape, or why there is none, and the number of parameters if there is room."""
    if face.tone is Tone.ERROR:
        line = _by_parts(font, face.line, ink, ROOM)
    else:
        line = ink.elided(font, face.line, ROOM)
    row = [(_static(line), QPointF(LEFT, top), font, False)]
    if small is None or not face.figure:
        return row
    width = ink.width(small, face.figure)
    if ink.width(font, line) + _BETWEEN + width <= ROOM:
        position = QPointF(CARD_WIDTH - RIGHT - width, top + ink.ascent(font) - ink.ascent(small))
        row.append((_static(face.figure), position, small, True))
    return row


def _by_parts(font: QFont, text: str, ink: Ink, room: float, mark: str = " ") -> str:
    """Return the text if there is room for it, else as many whole parts as there is room for."""
    parts = text.split(mark)
    while len(parts) > 1 and ink.width(font, mark.join(parts)) > room:
        parts.pop()
    return ink.elided(font, mark.join(parts), room)


def _static(text: str) -> QStaticText:
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return static
