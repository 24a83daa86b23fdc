"""Pens, brushes and fonts of the canvas, made once per theme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from dlstudio.gui.canvas.faces import Tone
from dlstudio.gui.theme import CATEGORY_COLOURS, Theme, mono_font, text_font

TITLE_SIZE = 13
SMALL_SIZE = 11
BODY_SIZE = 12
MONO_SIZE = 12
LETTERING_SIZES = (
    (0.70, TITLE_SIZE, MONO_SIZE, SMALL_SIZE),
    (0.55, 15, 13, 12),
    (0.42, 17, 15, 14),
    (0.30, 21, 17, 0),
    (0.0, 27, 0, 0),
)
"""From which scale on, and how large, cards carry names, shapes and figures."""
_TIGHTEST = 0.7
"""How much smaller a long name may be written than the others."""
_SHARPEST = 1.4
"""How much farther away, at most, a finer screen can be read."""


@dataclass(frozen=True, eq=False)
class Lettering:
    """Fonts for one distance.

    Attributes:
        names: For the title, the largest first; the others are for long ones.
        line: For the shape; None where it would be too small to be read.
        small: For the setting and the figure; None where they would be too small.
    """

    from_scale: float
    names: tuple[QFont, ...]
    line: QFont | None
    small: QFont | None


class Ink:
    """What the painters draw with."""

    def __init__(self, theme: Theme) -> None:
        """Mix the colours of a theme."""
        self.theme = theme
        self.title = text_font(TITLE_SIZE, QFont.Weight.DemiBold)
        self.small = text_font(SMALL_SIZE)
        self.body = text_font(BODY_SIZE)
        self.mono = mono_font(MONO_SIZE)
        self.letterings = tuple(
            Lettering(
                scale,
                tuple(text_font(size, QFont.Weight.DemiBold) for size in _sizes(name)),
                mono_font(line) if line else None,
                text_font(small) if small else None,
            )
            for scale, name, line, small in LETTERING_SIZES
        )
        fonts = [self.title, self.small, self.body, self.mono]
        for level in self.letterings:
            fonts += (*level.names, *(font for font in (level.line, level.small) if font))
        self.metrics = {id(font): QFontMetricsF(font) for font in fonts}
        self.canvas = theme.colour("canvas")
        self.card = QBrush(theme.colour("card"))
        self.text = theme.colour("text")
        self.muted = theme.colour("muted")
        self.accent = theme.colour("accent")
        self.error = theme.colour("error")
        self.warning = theme.colour("warning")
        self.on_accent = theme.colour("on_accent")
        self.panel = QBrush(theme.colour("panel"))
        self.line = QPen(theme.colour("line"), 1.0)
        self.grid = theme.colour("grid")
        self.shadow = shade(theme.colour("shadow"), 70 if theme.is_dark else 34)
        self.wire = QPen(blend(theme.colour("wire"), self.canvas, 0.78), 1.6)
        self.wire.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.wire_chosen = QPen(self.accent, 2.4)
        self.wire_broken = QPen(self.error, 2.0, Qt.PenStyle.CustomDashLine)
        self.wire_broken.setDashPattern([2.6, 1.9])
        self.port = QPen(self.wire.color(), 1.4)
        self.borders = {
            Tone.PLAIN: self.line,
            Tone.WAITING: self.line,
            Tone.WARNING: QPen(self.warning, 1.5),
            Tone.ERROR: QPen(self.error, 2.0),
            Tone.UNKNOWN: QPen(self.muted, 1.4, Qt.PenStyle.DashLine),
        }
        self.selected = QPen(self.accent, 2.0)
        self.stripes = {name: QBrush(theme.category(name)) for name in CATEGORY_COLOURS}
        self._no_stripe = QBrush(self.muted)

    def lettering(self, scale: float, ratio: float) -> Lettering:
        """Return the fonts in which cards are written.

        Args:
            scale: Scale of the view.
            ratio: Pixels of the device per pixel of the view; a finer screen shows more.
        """
        legible = scale * min(_SHARPEST, math.sqrt(ratio))
        return next(level for level in self.letterings if legible >= level.from_scale)

    def stripe(self, category: str, colour: str = "") -> QBrush:
        """Return the brush of a category, or of the user's own colour."""
        if colour:
            return _own_brush(colour)
        return self.stripes.get(category, self._no_stripe)

    def width(self, font: QFont, text: str) -> float:
        """Return the width of a text in one of the ink's fonts."""
        return self.metrics[id(font)].horizontalAdvance(text)

    def height(self, font: QFont) -> float:
        """Return the height of a line in one of the ink's fonts."""
        return self.metrics[id(font)].height()

    def ascent(self, font: QFont) -> float:
        """Return how far letters of one of the ink's fonts rise above their line."""
        return self.metrics[id(font)].ascent()

    def elided(self, font: QFont, text: str, room: float) -> str:
        """Return the text, cut with an ellipsis where it is wider than `room`."""
        return self.metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, room)


def shade(colour: QColor, alpha: int) -> QColor:
    """Return the colour at an opacity of 0…255."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result


def blend(top: QColor, bottom: QColor, share: float) -> QColor:
    """Return `share` of the first colour over the second, opaque."""
    remainder = 1.0 - share
    return QColor.fromRgbF(
        top.redF() * share + bottom.redF() * remainder,
        top.greenF() * share + bottom.greenF() * remainder,
        top.blueF() * share + bottom.blueF() * remainder,
    )


def _sizes(largest: int) -> range:
    return range(largest, math.ceil(largest * _TIGHTEST) - 1, -1)


@lru_cache(maxsize=64)
def _own_brush(colour: str) -> QBrush:
    return QBrush(QColor(colour))
