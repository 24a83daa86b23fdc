"""The histogram of a layer's output values, over the colours used for them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.colour_maps import colour_bar_image
from dlstudio.insight.activations.activation_views import LayerView


class Histogram(QWidget):
    """The distribution of a layer's output values; a colour bar below shows the colour map."""

    def __init__(self) -> None:
        super().__init__()
        self._layer: LayerView | None = None
        self.setFixedHeight(26)
        self.setMinimumWidth(24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_layer(self, layer: LayerView | None) -> None:
        self._layer = layer
        self.setToolTip("Distribution of the output values, with logarithmic counts")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars of logarithmic height; on a linear scale zeros would dominate."""
        layer = self._layer
        if layer is None:
            return
        theme = current_theme()
        painter = QPainter(self)
        bottom = self.height() - 6.0
        heights = np.log1p(layer.counts) / max(float(np.log1p(layer.counts.max())), 1e-9)
        step = self.width() / len(heights)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        for index, height in enumerate(heights):
            bar_height = float(height) * (bottom - 2)
            painter.drawRect(
                QRectF(index * step, bottom - bar_height, max(step - 1, 1), bar_height)
            )
        if layer.form != "vector":
            self._draw_colour_bar(painter, layer, bottom)
        painter.end()

    def _draw_colour_bar(self, painter: QPainter, layer: LayerView, bottom: float) -> None:
        strip = QRectF(0, bottom + 1, self.width(), 5)
        painter.drawImage(strip, colour_bar_image(layer))
