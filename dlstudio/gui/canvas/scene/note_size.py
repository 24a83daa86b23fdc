"""The height of a note's text, so that no note hides a part of its text."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QStaticText, QTextOption, QTransform

from dlstudio.gui.style.theme import text_font

FONT_SIZE = 12
PADDING, PADDING_TOP, PADDING_BOTTOM = 12.0, 10.0, 6.0


def note_wrapping() -> QTextOption:
    """Return how the text of a note is broken into lines."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


@lru_cache(maxsize=2000)
def note_text_height(text: str, width: float) -> float:
    """Return the height of a note of this width that shows its whole text, in scene units."""
    if not text:
        return 0.0
    static = QStaticText(text.replace("\n", "\u2028"))
    static.setTextOption(note_wrapping())
    static.setTextWidth(max(width - 2 * PADDING, 1.0))
    static.prepare(QTransform(), text_font(FONT_SIZE))
    return static.size().height() + PADDING_TOP + PADDING_BOTTOM
