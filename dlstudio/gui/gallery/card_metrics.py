"""Sizes of the gallery's cards in pixels at the default font size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QSize

from dlstudio.gui.style.theme import FONT_SIZE, font_size

GAP = 12
SECTION_GAP = 30
"""Between two sections beside each other; `ROW_GAP` above the heading of a section."""
ROW_GAP = 16
RADIUS = 9.0


class CardLook(Enum):
    """The three kinds of cards."""

    LARGE = "large"
    SMALL = "small"
    SLIM = "slim"


@dataclass(frozen=True, slots=True)
class CardSize:
    """Sizes of one kind of cards.

    Attributes:
        width: Smallest width; cards grow to fill a row.
        aspect: Height of the picture as a share of the width.
        text_height: Height below the picture.
        title: Size of the title relative to plain text, in pixels.
        lines: Lines of the description.
    """

    width: int
    aspect: float
    text_height: int
    title: int
    lines: int


CARD_SIZES = {
    CardLook.LARGE: CardSize(349, 180 / 349, 112, 2, 2),
    CardLook.SMALL: CardSize(193, 96 / 193, 97, 0, 2),
    CardLook.SLIM: CardSize(193, 36 / 193, 44, 0, 0),
}


def scale() -> float:
    """Return the ratio of the font size to the default, at least 1."""
    return max(font_size() / FONT_SIZE, 1.0)


def picture_height(look: CardLook, width: int) -> int:
    """Return the height of a card's picture."""
    return round(width * CARD_SIZES[look].aspect)


def card_size(look: CardLook, width: int) -> QSize:
    """Return the size of a card of a given width."""
    text = CARD_SIZES[look].text_height
    if look is CardLook.LARGE and width < 280:
        text += 18
    return QSize(width, picture_height(look, width) + round(text * scale()))
