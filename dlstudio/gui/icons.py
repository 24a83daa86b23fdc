"""Icons from `resources/icons`: line drawings that take the theme's colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dlstudio.gui.theme import current
from dlstudio.resources import resource

_SIZES = (16, 24, 32, 48, 72)
_FADED = 0.45


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
    drawn = _drawn(_renderer(name, shade), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    renderer = _renderer(name, colour)
    for size in _SIZES:
        drawn = _drawn(renderer, size)
        made.addPixmap(drawn)
        made.addPixmap(_faded(drawn, disabled), QIcon.Mode.Disabled)
    return made


def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = _source(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    drawn = QPixmap(QSize(size, size))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def _faded(drawn: QPixmap, colour: str) -> QPixmap:
    """Return the same lines in another colour, half transparent."""
    shade = QColor(colour)
    shade.setAlphaF(_FADED)
    faded = drawn.copy()
    painter = QPainter(faded)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(faded.rect(), shade)
    painter.end()
    return faded


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
