"""Icons from `resources/icons`: line drawings that take the theme's colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dlstudio.gui.theme import current
from dlstudio.resources import resource

_SIZES = (16, 24, 32, 48, 72)


def icon(name: str, colour: QColor | str | None = None) -> QIcon:
    """Return the icon `resources/icons/NAME.svg` in `colour`, or in the theme's text colour.

    An icon keeps its colour: ask again when the theme changes.

    Raises:
        FileNotFoundError: No icon has this name.
    """
    theme = current()
    shade = QColor(colour).name() if colour is not None else theme.text
    return _icon(name, shade, theme.muted)


def pixmap(name: str, size: int, colour: QColor | str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return the icon as a picture of `size` logical pixels at a screen's pixel ratio."""
    shade = QColor(colour).name() if colour is not None else current().text
    drawn = _draw(name, shade, round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_draw(name, colour, size))
        faded = _draw(name, disabled, size, opacity=0.45)
        made.addPixmap(faded, QIcon.Mode.Disabled)
    return made


def _draw(name: str, colour: str, size: int, opacity: float = 1.0) -> QPixmap:
    drawn = QPixmap(QSize(size, size))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    svg = _source(name).replace("currentColor", colour)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
