"""Pens, brushes and fonts of the canvas, created once per theme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from dlstudio.gui.canvas.model.card_content import CardStatus
from dlstudio.gui.style.theme import CATEGORY_COLOURS, Theme, current_theme, mono_font, text_font

TITLE_SIZE = 13
SMALL_SIZE = 11
BODY_SIZE = 12
MONO_SIZE = 12
TEXT_LEVEL_SIZES = (
    (0.70, TITLE_SIZE, MONO_SIZE, SMALL_SIZE),
    (0.55, 15, 13, 12),
    (0.42, 17, 15, 14),
    (0.30, 21, 17, 0),
    (0.0, 27, 0, 0),
)
"""Minimum scale, and the font sizes of title, shape and small texts; 0 omits a text."""
_MIN_TITLE_RATIO = 0.7
"""Smallest font size of a long title, relative to the normal one."""
_WEAKEST = 0.14
"""Strength of the colour at the low end of a scale, so that it differs from the card's."""
_MAX_LEGIBILITY_GAIN = 1.4
"""Upper bound of the gain in legibility on a high-resolution screen."""


@dataclass(frozen=True, eq=False)
class TextLevel:
    """Fonts for a range of scales.

    Attributes:
        title_fonts: For the title, largest first; the smaller ones are for long titles.
        output_font: For the shape; None if it would be illegible.
        small_font: For the summary and the parameter count; None if they would be illegible.
        reason_fonts: For the words in place of a shape, largest first.
    """

    min_scale: float
    title_fonts: tuple[QFont, ...]
    output_font: QFont | None
    small_font: QFont | None
    reason_fonts: tuple[QFont, ...] = ()


class CanvasStyle:
    """Colours, pens, brushes, fonts and font metrics of a theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.title_font = text_font(TITLE_SIZE, QFont.Weight.DemiBold)
        self.small_font = text_font(SMALL_SIZE)
        self.body_font = text_font(BODY_SIZE)
        self.mono_font = mono_font(MONO_SIZE)
        self.text_levels = tuple(starmap(_text_level, TEXT_LEVEL_SIZES))
        fonts = [self.title_font, self.small_font, self.body_font, self.mono_font]
        for level in self.text_levels:
            fonts += (
                *level.title_fonts,
                *level.reason_fonts,
                *(font for font in (level.output_font, level.small_font) if font),
            )
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
        self.shadow = with_alpha(theme.colour("shadow"), 70 if theme.is_dark else 34)
        self.wire = QPen(blend(theme.colour("wire"), self.canvas, 0.78), 1.6)
        self.wire.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.wire_selected = QPen(self.accent, 2.4)
        self.wire_broken = QPen(self.error, 2.0, Qt.PenStyle.CustomDashLine)
        self.wire_broken.setDashPattern([2.6, 1.9])
        self.port = QPen(self.wire.color(), 1.4)
        self.borders = {
            CardStatus.PLAIN: self.line,
            CardStatus.WAITING: self.line,
            CardStatus.INCOMPLETE: incomplete_pen(blend(self.muted, self.canvas, 0.7)),
            CardStatus.WARNING: QPen(self.warning, 1.5),
            CardStatus.ERROR: QPen(self.error, 2.0),
            CardStatus.UNKNOWN: QPen(self.muted, 1.4, Qt.PenStyle.DashLine),
        }
        self.selected = QPen(self.accent, 2.0)
        self.stripes = {name: QBrush(theme.category(name)) for name in CATEGORY_COLOURS}
        self._unknown_stripe = QBrush(self.muted)

    def text_level(self, scale: float, pixel_ratio: float) -> TextLevel:
        """Return the fonts of cards at a scale.

        Args:
            scale: Scale of the view.
            pixel_ratio: Device pixels per pixel of the view; a high-resolution screen shows more.
        """
        legible = scale * min(_MAX_LEGIBILITY_GAIN, math.sqrt(pixel_ratio))
        return next(level for level in self.text_levels if legible >= level.min_scale)

    def stripe(self, category: str, colour: str = "") -> QBrush:
        """Return the brush of a category, or of a colour set by the user."""
        if colour:
            return _user_brush(colour)
        return self.stripes.get(category, self._unknown_stripe)

    def value_colour(self, share: float) -> QColor:
        """Return the colour of a value; `share` is −1…1, or NaN for a value that is not finite."""
        if math.isnan(share):
            return self.error
        hue = QColor(self.theme.curves[1]) if share < 0 else self.accent
        return blend(hue, self.card.color(), _WEAKEST + (1 - _WEAKEST) * abs(share))

    def text_colour_on(self, background: QColor) -> QColor:
        """Return the colour of text with the higher contrast on a background."""
        light = luminance(background)
        return max((self.text, self.on_accent), key=lambda colour: abs(luminance(colour) - light))

    def text_width(self, font: QFont, text: str) -> float:
        """Return the width of a text; `font` must be one of this style."""
        return self.metrics[id(font)].horizontalAdvance(text)

    def line_height(self, font: QFont) -> float:
        """Return the height of a line; `font` must be one of this style."""
        return self.metrics[id(font)].height()

    def ascent(self, font: QFont) -> float:
        """Return the ascent above the baseline; `font` must be one of this style."""
        return self.metrics[id(font)].ascent()

    def elided(self, font: QFont, text: str, max_width: float) -> str:
        """Return the text, elided if it is wider than `max_width`."""
        return self.metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, max_width)


def with_alpha(colour: QColor, alpha: int) -> QColor:
    """Return the colour with an alpha of 0…255."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result


def blend(top: QColor, bottom: QColor, share: float) -> QColor:
    """Return `share` of `top` mixed with the rest of `bottom`, opaque."""
    remainder = 1.0 - share
    return QColor.fromRgbF(
        top.redF() * share + bottom.redF() * remainder,
        top.greenF() * share + bottom.greenF() * remainder,
        top.blueF() * share + bottom.blueF() * remainder,
    )


def luminance(colour: QColor) -> float:
    """Return the perceived lightness of a colour, 0…1."""
    linear = (
        0.2126 * colour.redF() ** 2.2
        + 0.7152 * colour.greenF() ** 2.2
        + 0.0722 * colour.blueF() ** 2.2
    )
    return float(linear ** (1 / 2.2))


def _text_level(min_scale: float, title: int, output: int, small: int) -> TextLevel:
    return TextLevel(
        min_scale,
        tuple(text_font(size, QFont.Weight.DemiBold) for size in _sizes(title)),
        mono_font(output) if output else None,
        text_font(small) if small else None,
        tuple(map(text_font, _sizes(output))) if output else (),
    )


def incomplete_pen(colour: QColor) -> QPen:
    """Return the dotted pen around what is not complete yet."""
    pen = QPen(colour, 1.2, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([2.5, 2.5])
    return pen


def _sizes(largest: int) -> range:
    return range(largest, math.ceil(largest * _MIN_TITLE_RATIO) - 1, -1)


@lru_cache(maxsize=64)
def _user_brush(colour: str) -> QBrush:
    return QBrush(QColor(colour))


@lru_cache(maxsize=2)
def _style_for(theme: Theme) -> CanvasStyle:
    return CanvasStyle(theme)


def current_style() -> CanvasStyle:
    """Return the style of the current theme, created once per theme."""
    return _style_for(current_theme())
