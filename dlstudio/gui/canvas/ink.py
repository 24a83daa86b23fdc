"""Pens, brushes and fonts of the canvas, made once per theme."""

from __future__ import annotations

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
LETTERING_SIZES = ((0.5, 20, 16), (0.36, 24, 19), (0.0, 33, 0))
"""From which scale on, and how large, names and shapes are written on cards farther away."""


@dataclass(frozen=True, eq=False)
class Lettering:
    """Fonts for one distance; without a `line` only names are written."""

    from_scale: float
    name: QFont
    line: QFont | None


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
                text_font(name, QFont.Weight.DemiBold),
                mono_font(line) if line else None,
            )
            for scale, name, line in LETTERING_SIZES
        )
        large = [font for each in self.letterings for font in (each.name, each.line) if font]
        fonts = (self.title, self.small, self.body, self.mono, *large)
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

    def lettering(self, scale: float) -> Lettering:
        """Return the fonts in which cards are written at a scale of the view."""
        return next(each for each in self.letterings if scale >= each.from_scale)

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

    def elided(self, font: QFont, text: str, room: float) -> str:
        """Return the text, cut with an ellipsis where it is wider than `room`."""
        return self.metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, room)


def shade(colour: QColor, alpha: int) -> QColor:
    """Return the colour at an opacity of 0…255."""
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded


def blend(top: QColor, bottom: QColor, share: float) -> QColor:
    """Return `share` of the first colour over the second, opaque."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        top.redF() * share + bottom.redF() * rest,
        top.greenF() * share + bottom.greenF() * rest,
        top.blueF() * share + bottom.blueF() * rest,
    )


@lru_cache(maxsize=64)
def _own_brush(colour: str) -> QBrush:
    return QBrush(QColor(colour))
