"""Thumbnails of the selected layer's output for the current sample.

Each feature map is scaled to its own maximum, and values up to zero are dark; the activations panel
shows the true range.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.insight.activations.activation_views import LayerView

_GAP = 4
_CELL = 44
"""Preferred side of a thumbnail in pixels."""
_ROWS = 2


class OutputPreview(QWidget):
    """A heading and up to two rows of feature maps; hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.grid = _Grid()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(title, "caption"))
        column.addWidget(self.grid)
        self.hide()

    def show_layer(self, layer: LayerView | None) -> None:
        """Show a layer's feature maps; hidden for vectors and sequences."""
        has_maps = layer is not None and layer.form == "maps" and min(layer.values.shape[1:]) > 1
        self.grid.show_layer(layer if has_maps else None)
        self.setVisible(has_maps)


class _Grid(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.images: list[QImage] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_layer(self, layer: LayerView | None) -> None:
        from dlstudio.gui.widgets.colour_maps import to_image

        maps = layer.values if layer is not None else ()
        self.images = [
            to_image(feature_map, 0.0, max(float(feature_map.max()), 1e-12)) for feature_map in maps
        ]
        self.setAccessibleName(f"{len(maps)} feature maps")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(self.width(), 160)))

    def heightForWidth(self, width: int) -> int:
        columns, side = self._layout(width)
        rows = min(-(-len(self.images) // columns), _ROWS)
        return round(rows * (side + _GAP))

    def paintEvent(self, _event: QPaintEvent) -> None:
        columns, side = self._layout(self.width())
        painter = QPainter(self)
        for index, image in enumerate(self.images[: _ROWS * columns]):
            ratio = image.height() / image.width()
            width, height = (side, side * ratio) if ratio <= 1 else (side / ratio, side)
            left, top = (cell * (side + _GAP) for cell in (index % columns, index // columns))
            painter.drawImage(QRectF(left, top, width, height), image)
        painter.end()

    def _layout(self, width: int) -> tuple[int, float]:
        """Return the number of thumbnails per row, and their side in pixels."""
        columns = max((width + _GAP) // (_CELL + _GAP), 1)
        side = (width - (columns - 1) * _GAP) / columns
        return columns, min(side, 1.25 * _CELL)
