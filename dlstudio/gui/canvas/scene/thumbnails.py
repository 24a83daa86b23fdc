"""Thumbnails of layer outputs on the cards, in the magma colour map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from dlstudio.gui.canvas.scene.vector_thumbnail import VectorThumbnail
from dlstudio.gui.style.theme import Theme

if TYPE_CHECKING:
    from dlstudio.insight.common.array_types import Bytes

MAX_IMAGES = 4
SIDE = 28.0
GAP = 2.0
_IMAGE_NDIM = 2
_OUTDATED_OPACITY = 0.3


class Thumbnails:
    """Rows of thumbnails by dotted path."""

    def __init__(self) -> None:
        self._thumbnails: dict[str, list[_PlacedImage] | VectorThumbnail] = {}
        self.is_outdated = False
        """Whether they are of a network that the design had before; they are pale then."""

    @property
    def paths(self) -> frozenset[str]:
        """The paths that have thumbnails."""
        return frozenset(self._thumbnails)

    def shown_path(self, path: str) -> str:
        """Return the path whose thumbnails a card shows: its own, or the last inside a block."""
        if path in self._thumbnails:
            return path
        inside = (
            inner_path
            for inner_path in reversed(self._thumbnails)
            if inner_path.startswith(f"{path}.")
        )
        return next(inside, "")

    def set_all(self, thumbnails: Mapping[str, object]) -> None:
        """Replace all thumbnails.

        Args:
            thumbnails: Arrays by dotted path: uint8 (k, h, w) for k images, uint8 (h, w) for one
                image as wide as the row, from lowest (0) to highest (255), or int8 (n,) for
                bars from −127 to 127.
        """
        self._thumbnails = {path: _prepare(thumbnail) for path, thumbnail in thumbnails.items()}

    def paint(self, painter: QPainter, path: str, left: float, top: float, theme: Theme) -> None:
        """Draw a node's row of images, or its bars."""
        thumbnail = self._thumbnails.get(self.shown_path(path), ())
        opacity = painter.opacity()
        if self.is_outdated:
            painter.setOpacity(opacity * _OUTDATED_OPACITY)
        painter.translate(left, top)
        if isinstance(thumbnail, VectorThumbnail):
            thumbnail.paint(painter, theme)
        else:
            for rect, image in thumbnail:
                painter.drawImage(rect, image)
        painter.translate(-left, -top)
        painter.setOpacity(opacity)


_PlacedImage = tuple[QRectF, QImage]
_WIDTH = MAX_IMAGES * (SIDE + GAP) - GAP


def _prepare(thumbnail: object) -> list[_PlacedImage] | VectorThumbnail:
    import numpy as np

    values = np.asarray(thumbnail)
    if values.ndim == 1:
        return VectorThumbnail(values.tolist(), _WIDTH, SIDE)
    if values.ndim == _IMAGE_NDIM:
        (image,) = _to_images(np.ascontiguousarray(values[None], dtype=np.uint8))
        return [(QRectF(0, 0, _WIDTH, SIDE), image)]
    images = _to_images(np.ascontiguousarray(values[:MAX_IMAGES], dtype=np.uint8))
    return [
        (QRectF(index * (SIDE + GAP), 0, SIDE, SIDE), image) for index, image in enumerate(images)
    ]


def _to_images(values: Bytes) -> list[QImage]:
    from dlstudio.gui.widgets.colour_maps import colour_table, to_indexed_image

    colours = colour_table(signed=False)
    return [
        to_indexed_image(plane, colours).convertToFormat(QImage.Format.Format_RGB32)
        for plane in values
    ]
