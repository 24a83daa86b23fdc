"""Draws a layer's output: feature maps in a grid, a vector as bars, a sequence as a heat map."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.colour_maps import colour_range, to_image
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.insight.activations.activation_views import LayerView

_GAP = 5.0
_MAX_BARS = 400
_MAX_BAR_WIDTH = 44.0
_MIN_NUMBERED_WIDTH, _NUMBER_HEIGHT = 17.0, 14
"""Width from which bars are numbered, and the height of the numbers."""
_MAX_CELL_SIZE = 24.0
_SIDE, _BELOW = 17.0, 17.0
"""Space for labels at the left of a sequence and below it."""
_PREFERRED_COLUMNS = 8
_MIN_SIZE_SHARE = 0.8
"""Eight maps per row are preferred if they keep at least this share of the best size."""


class ActivationDrawing(QWidget):
    """Shows one layer's output for one sample."""

    def __init__(self) -> None:
        super().__init__()
        self._layer: LayerView | None = None
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(120, 48))
        self.setMouseTracking(True)

    def show_layer(self, layer: LayerView | None) -> None:
        self._layer = layer
        self._images = []
        if layer is not None and layer.form != "vector":
            planes = layer.values if layer.form == "maps" else layer.values.T[None]
            low, high = colour_range(layer)
            self._images = [to_image(plane, low, high) for plane in planes]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the value under the pointer as a tool tip."""
        self.setToolTip(self._value_text_at(event.position()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars for a vector, images for the other forms."""
        if self._layer is None:
            return
        painter = QPainter(self)
        if self._layer.form == "vector":
            self._draw_bars(painter, self._layer)
        else:
            for image, rect in zip(self._images, self._image_rects(), strict=False):
                painter.drawImage(rect, image)
            if self._layer.form == "sequence":
                self._draw_axis_labels(painter, self._layer)
        painter.end()

    def _image_rects(self) -> list[QRectF]:
        """Return the rectangles of the images: as large as fits, in even rows."""
        count = len(self._images)
        if not count:
            return []
        image = self._images[0]
        if self._layer is not None and self._layer.form == "sequence":
            wide = min(self.width() - _SIDE, image.width() * _MAX_CELL_SIZE)
            high = min(self.height() - _BELOW, image.height() * _MAX_CELL_SIZE)
            return [QRectF(_SIDE, 0, max(wide, 1.0), max(high, 1.0))]
        ratio = image.height() / max(image.width(), 1)
        columns = self._column_count(count, ratio)
        side = self._cell_width(columns, count, ratio)
        return [
            QRectF(
                index % columns * (side + _GAP), index // columns * (side * ratio + _GAP), side,
                side * ratio,
            )
            for index in range(count)
        ]  # fmt: skip

    def _column_count(self, count: int, ratio: float) -> int:
        """Return the number of maps per row."""
        sides = {
            columns: self._cell_width(columns, count, ratio) for columns in range(1, count + 1)
        }
        best = max(sides, key=lambda columns: sides[columns])
        eights = [columns for columns in sides if columns % _PREFERRED_COLUMNS == 0]
        even = max(eights, key=lambda columns: sides[columns], default=best)
        return even if sides[even] >= _MIN_SIZE_SHARE * sides[best] else best

    def _cell_width(self, columns: int, count: int, ratio: float) -> float:
        rows = math.ceil(count / columns)
        wide = (self.width() - (columns - 1) * _GAP) / columns
        high = (self.height() - (rows - 1) * _GAP) / rows / max(ratio, 1e-6)
        return max(min(wide, high), 1.0)

    def _draw_axis_labels(self, painter: QPainter, layer: LayerView) -> None:
        """Label the axes of a sequence: features from top to bottom, time to the right."""
        steps, features = layer.shape
        shown_steps, rect = layer.values.shape[0], self._image_rects()[0]
        painter.setPen(current_theme().colour("muted"))
        painter.setFont(text_font(11))
        below = QRectF(rect.left(), rect.bottom() + 2, self.width() - _SIDE, _BELOW - 2)
        steps_text = (
            f"the first {shown_steps} of {format_integer(steps)}"
            if shown_steps < steps
            else format_integer(steps)
        )
        text = f"time → {steps_text} step{'s' if steps > 1 else ''}"
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.save()
        painter.translate(0, rect.bottom())
        painter.rotate(-90)
        aside = QRectF(0, 0, rect.height(), _SIDE - 3)
        noun = f"feature{'s' if features > 1 else ''}"
        text = f"{format_integer(features)} {noun}"
        metrics = painter.fontMetrics()
        shown_text = text if metrics.horizontalAdvance(text) <= aside.width() else noun
        painter.drawText(aside, Qt.AlignmentFlag.AlignCenter, shown_text)
        painter.restore()

    def _draw_bars(self, painter: QPainter, layer: LayerView) -> None:
        theme = current_theme()
        values = layer.values[:_MAX_BARS]
        low, high = min(layer.low, 0.0), max(layer.high, 0.0)
        span = high - low or 1.0
        step = self._bar_step(len(values))
        numbered = step >= _MIN_NUMBERED_WIDTH
        area = QRectF(
            0, 4, step * len(values), self.height() - 8 - (_NUMBER_HEIGHT if numbered else 0)
        )
        zero = area.bottom() + low / span * area.height()
        gap = min(2.0, step * 0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, value in enumerate(np.nan_to_num(values)):
            height = float(value) / span * area.height()
            top = zero - max(height, 0.0)
            painter.setBrush(QColor(theme.accent if value >= 0 else theme.curves[1]))
            painter.drawRect(QRectF(index * step, top, step - gap, max(abs(height), 0.6)))
        painter.setPen(theme.colour("muted"))
        painter.drawLine(QPointF(0, zero), QPointF(area.right(), zero))
        painter.setFont(text_font(11))
        count = int(np.prod(layer.shape))
        if len(values) < count:
            text = f"the first {len(values)} of {format_integer(count)}"
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, text)
        for index in range(len(values) if numbered else 0):
            rect = QRectF(index * step, area.bottom() + 2, step - gap, _NUMBER_HEIGHT)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index))

    def _bar_step(self, count: int) -> float:
        """Return the distance between bars in pixels, at most `_MAX_BAR_WIDTH`."""
        return min(self.width() / max(count, 1), _MAX_BAR_WIDTH)

    def _value_text_at(self, position: QPointF) -> str:
        layer = self._layer
        if layer is None:
            return ""
        if layer.form == "vector":
            values = layer.values[:_MAX_BARS]
            index = int(position.x() / max(self._bar_step(len(values)), 1e-6))
            return f"{index}: {values[index]:.4g}" if 0 <= index < len(values) else ""
        for index, rect in enumerate(self._image_rects()):
            if rect.contains(position):
                plane = layer.values[index] if layer.form == "maps" else layer.values.T
                row = int((position.y() - rect.top()) / rect.height() * plane.shape[0])
                column = int((position.x() - rect.left()) / rect.width() * plane.shape[1])
                head = f"map {index}, " if layer.form == "maps" else ""
                row, column = min(row, len(plane) - 1), min(column, plane.shape[1] - 1)
                if layer.form == "sequence":
                    return f"step {column}, feature {row}: {plane[row, column]:.4g}"
                return f"{head}row {row}, column {column}: {plane[row, column]:.4g}"
        return ""
