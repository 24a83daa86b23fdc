"""Icons from `resources/icons`: line drawings painted in the theme's colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dlstudio.gui.style.theme import current_theme
from dlstudio.resources import resource

_SIZES = (16, 24, 32, 48, 72)
_DISABLED_ALPHA = 0.45


def icon(name: str, colour: QColor | str | None = None) -> QIcon:
    """Return the icon `resources/icons/NAME.svg` in `colour`, or in the theme's text colour.

    An icon keeps its colour: call again when the theme changes.

    Raises:
        FileNotFoundError: No icon has this name.
    """
    theme = current_theme()
    colour_name = QColor(colour).name() if colour is not None else theme.text
    return _icon(name, colour_name, theme.muted)


def pixmap(name: str, size: int, colour: QColor | str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return the icon as a pixmap of `size` logical pixels at a screen's pixel ratio."""
    colour_name = QColor(colour).name() if colour is not None else current_theme().text
    image = _render(_renderer(name, colour_name), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    result = QIcon()
    renderer = _renderer(name, colour)
    for size in _SIZES:
        image = _render(renderer, size)
        result.addPixmap(image)
        result.addPixmap(_tinted(image, disabled), QIcon.Mode.Disabled)
    return result


def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = _svg_source(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def _render(renderer: QSvgRenderer, size: int) -> QPixmap:
    image = QPixmap(QSize(size, size))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def _tinted(image: QPixmap, colour: str) -> QPixmap:
    """Return the icon in another colour, half transparent."""
    tint = QColor(colour)
    tint.setAlphaF(_DISABLED_ALPHA)
    result = image.copy()
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(result.rect(), tint)
    painter.end()
    return result


@lru_cache(maxsize=128)
def _svg_source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
