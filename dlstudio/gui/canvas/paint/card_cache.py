"""Caches painted cards as pixmaps, so that a frame only copies the unchanged ones."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from dlstudio.gui.canvas.model.card_content import CardContent
from dlstudio.gui.canvas.paint.card import CardStyle, paint_card
from dlstudio.gui.canvas.scene.scene_items import Card

MARGIN = 10.0
"""Margin around a card for its shadow and ports, in scene units."""

_MAX_BYTES = 96 * 2**20


class CardPixmapCache:
    """Pixmaps by node id, each with the state it was painted from."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Hashable, QPixmap]] = {}
        self._total_bytes = 0

    def pixmap(self, card: Card, content: CardContent, card_style: CardStyle) -> QPixmap:
        """Return a card's pixmap, painted again only if its state changed."""
        size = card.rect.size().toTuple()
        state = (content, card.colour, card.description.ports, size, card_style)
        entry = self._entries.get(card.node.id)
        if entry is not None and entry[0] == state:
            return entry[1]
        pixmap = _render(card, content, card_style)
        self._store(card.node.id, state, pixmap)
        return pixmap

    def _store(self, node_id: str, state: Hashable, pixmap: QPixmap) -> None:
        if self._total_bytes > _MAX_BYTES:
            self._entries.clear()
            self._total_bytes = 0
        previous = self._entries.get(node_id)
        self._total_bytes += _byte_count(pixmap) - (_byte_count(previous[1]) if previous else 0)
        self._entries[node_id] = (state, pixmap)


def _render(card: Card, content: CardContent, card_style: CardStyle) -> QPixmap:
    scale, ratio = card_style.scale, card_style.pixel_ratio
    width, height = card.rect.width() + 2 * MARGIN, card.rect.height() + 2 * MARGIN
    side = QSize(int(width * scale * ratio) + 2, int(height * scale * ratio) + 2)
    pixmap = QPixmap(side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(QPointF(MARGIN, MARGIN) - card.rect.topLeft())
    paint_card(painter, card, content, card_style)
    painter.end()
    return pixmap


def _byte_count(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
