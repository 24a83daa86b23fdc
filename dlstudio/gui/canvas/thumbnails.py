"""Small pictures of what a layer gives out, coloured for the cards."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

MOST = 4
SIDE = 28.0
GAP = 2.0


class Thumbnails:
    """Rows of pictures by dotted path."""

    def __init__(self) -> None:
        """Start without any."""
        self._pictures: dict[str, list[QImage]] = {}

    @property
    def paths(self) -> frozenset[str]:
        """The paths that have pictures."""
        return frozenset(self._pictures)

    def shown_at(self, path: str) -> str:
        """Return the path whose pictures a card shows: its own, or a block's last one inside."""
        if path in self._pictures:
            return path
        inside = (each for each in reversed(self._pictures) if each.startswith(f"{path}."))
        return next(inside, "")

    def take(self, pictures: Mapping[str, object]) -> None:
        """Exchange all pictures.

        Args:
            pictures: uint8 arrays (k, h, w) by dotted path, from lowest (0) to highest (255).
        """
        self._pictures = {path: _images(maps) for path, maps in pictures.items()}

    def paint(self, painter: QPainter, path: str, left: float, top: float) -> None:
        """Draw a node's row of pictures."""
        for column, image in enumerate(self._pictures.get(self.shown_at(path), ())):
            target = QRectF(left + column * (SIDE + GAP), top, SIDE, SIDE)
            painter.drawImage(target, image)


def _images(maps: object) -> list[QImage]:
    import numpy as np

    values = np.ascontiguousarray(np.asarray(maps, dtype=np.uint8)[:MOST])
    images = []
    for plane in values:
        height, width = plane.shape
        image = QImage(plane.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(_magma())
        images.append(image.convertToFormat(QImage.Format.Format_RGB32))
    return images


@cache
def _magma() -> list[int]:
    import pyqtgraph

    table = pyqtgraph.colormap.get("magma").getLookupTable(nPts=256)
    return [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in table]
