"""Lays out the words of a card: all of them near by, the name and the shape from farther away."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QStaticText

from dlstudio.gui.canvas.faces import Face, Tone
from dlstudio.gui.canvas.geometry import CARD_WIDTH, PLAIN_HEIGHT
from dlstudio.gui.canvas.ink import Ink, Lettering

LEFT = 22.0
RIGHT = 10.0
TITLE_TOP = 10.0
LINE_TOP = 32.0
THUMBNAILS_TOP = 55.0

Placed = tuple[QStaticText, QPointF, QFont, bool]
"""A text, its place on the card, its font, and whether it is muted."""


@lru_cache(maxsize=20_000)
def full_words(face: Face, ink: Ink) -> tuple[Placed, ...]:
    """Return the texts of a card, elided and laid out."""
    room = CARD_WIDTH - LEFT - RIGHT
    placed: list[Placed] = []
    title = ink.elided(ink.title, face.title, room)
    placed.append((_static(title), QPointF(LEFT, TITLE_TOP), ink.title, False))
    rest = room - ink.width(ink.title, title) - 10.0
    if face.telling and rest > 24:
        telling = ink.elided(ink.small, face.telling, rest)
        x = CARD_WIDTH - RIGHT - ink.width(ink.small, telling)
        placed.append((_static(telling), QPointF(x, TITLE_TOP + 1.5), ink.small, True))
    figure = ink.width(ink.small, face.figure) + 8.0 if face.figure else 0.0
    if face.line:
        line = ink.elided(ink.mono, face.line, room - figure)
        placed.append((_static(line), QPointF(LEFT, LINE_TOP), ink.mono, False))
    if face.figure:
        x = CARD_WIDTH - RIGHT - figure + 8.0
        placed.append((_static(face.figure), QPointF(x, LINE_TOP + 1.0), ink.small, True))
    return tuple(placed)


@lru_cache(maxsize=20_000)
def large_words(face: Face, ink: Ink, letters: Lettering, height: float) -> tuple[Placed, ...]:
    """Return the name in large letters and, where the letters have a font for it, the shape."""
    room = CARD_WIDTH - LEFT - 4
    waiting = face.tone is Tone.WAITING
    title = _static(ink.elided(letters.name, face.title, room))
    name_height = ink.height(letters.name)
    if letters.line is None or not face.line:
        return ((title, QPointF(LEFT, (height - name_height) / 2), letters.name, waiting),)
    line = _static(ink.elided(letters.line, face.line, room))
    words_height = name_height + ink.height(letters.line)
    top = max(0.0, (min(height, PLAIN_HEIGHT) - words_height) / 2)
    return (
        (title, QPointF(LEFT, top), letters.name, waiting),
        (line, QPointF(LEFT, top + name_height - 1.0), letters.line, True),
    )


def _static(text: str) -> QStaticText:
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return static
