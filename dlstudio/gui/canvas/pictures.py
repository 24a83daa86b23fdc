"""Keeps finished cards as pictures: while nothing about a card changes, a frame only copies it."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from dlstudio.gui.canvas.card import Look, paint_card
from dlstudio.gui.canvas.faces import Face
from dlstudio.gui.canvas.scene import Card

MARGIN = 10.0
"""Room around a card for its shadow and ports, in scene units."""

_MOST_BYTES = 96 * 2**20


class CardPictures:
    """Pictures by card, each remembered with all that it depends on."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: dict[str, tuple[Hashable, QPixmap]] = {}
        self._bytes = 0

    def picture(self, card: Card, face: Face, look: Look) -> QPixmap:
        """Return the picture of a card, drawn anew only if something differs."""
        size = card.rect.size().toTuple()
        state = (face, card.colour, card.description.ports, size, look)
        entry = self._kept.get(card.node.id)
        if entry is not None and entry[0] == state:
            return entry[1]
        pixmap = _draw(card, face, look)
        self._keep(card.node.id, state, pixmap)
        return pixmap

    def _keep(self, node_id: str, state: Hashable, made: QPixmap) -> None:
        if self._bytes > _MOST_BYTES:
            self._kept.clear()
            self._bytes = 0
        previous = self._kept.get(node_id)
        self._bytes += _bytes(made) - (_bytes(previous[1]) if previous else 0)
        self._kept[node_id] = (state, made)


def _draw(card: Card, face: Face, look: Look) -> QPixmap:
    scale, ratio = look.scale, look.ratio
    width, height = card.rect.width() + 2 * MARGIN, card.rect.height() + 2 * MARGIN
    side = QSize(int(width * scale * ratio) + 2, int(height * scale * ratio) + 2)
    pixmap = QPixmap(side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(QPointF(MARGIN, MARGIN) - card.rect.topLeft())
    paint_card(painter, card, face, look)
    painter.end()
    return pixmap


def _bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
