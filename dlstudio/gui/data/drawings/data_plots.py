"""Widgets that draw data: a grid of images, bars of class balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.class_markers import class_colour
from dlstudio.gui.widgets.number_format import format_integer

_CELL = 76


class ImageGrid(QWidget):
    """Images with their labels below."""

    def __init__(self, images: npt.NDArray[np.uint8], labels: Sequence[str]) -> None:
        """Show uint8 images (N, H, W, C) with one or three channels."""
        super().__init__()
        self._images = [to_qimage(image) for image in images]
        self._labels = tuple(labels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the height for the number of rows at this width."""
        rows = -(-len(self._images) // self._column_count())
        self.setMinimumHeight(rows * (_CELL + 26))
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the images without smoothing, so that pixels stay visible."""
        painter = QPainter(self)
        painter.setFont(text_font(11))
        painter.setPen(current_theme().colour("muted"))
        columns = self._column_count()
        for index, image in enumerate(self._images):
            left = (index % columns) * (_CELL + 10)
            top = (index // columns) * (_CELL + 26)
            painter.drawImage(QRectF(left, top, _CELL, _CELL), image)
            if index < len(self._labels):
                text = painter.fontMetrics().elidedText(
                    self._labels[index], Qt.TextElideMode.ElideRight, _CELL
                )
                painter.drawText(
                    QRectF(left, top + _CELL + 2, _CELL, 18), Qt.AlignmentFlag.AlignHCenter, text
                )
        painter.end()

    def _column_count(self) -> int:
        return max(1, (self.width() + 10) // (_CELL + 10))


class BalanceBars(QWidget):
    """A bar for each class, divided by subset."""

    def __init__(self, names: Sequence[str], balance: Mapping[str, Sequence[int]]) -> None:
        """Show `balance`: the counts per class by subset."""
        super().__init__()
        self._names = tuple(names)
        self._balance = balance
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(QSize(220, 40))
        summary = ", ".join(
            f"{name}: {sum(counts[index] for counts in balance.values())}"
            for index, name in enumerate(self._names)
        )
        self.setAccessibleName(f"Class balance: {summary}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw one bar per class; texts only if a row is at least 12 pixels high."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(12))
        totals = [
            sum(counts[index] for counts in self._balance.values()) for index in self._indices()
        ]
        height = min(24.0, max((self.height() - 26) / max(len(totals), 1), 3.0))
        label_width = min(110.0, self.width() * 0.4)
        bar_width = self.width() - label_width - 62
        max_total = max([1, *totals])
        for index, total in enumerate(totals):
            top = index * height
            label_rect = QRectF(0, top, label_width - 8, height)
            if height >= 12:
                painter.setPen(theme.colour("muted"))
                name = painter.fontMetrics().elidedText(
                    self._names[index], Qt.TextElideMode.ElideRight, round(label_width - 8)
                )
                painter.drawText(
                    label_rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name
                )
                count_rect = QRectF(
                    label_width + bar_width * total / max_total + 6, top, 58, height
                )
                painter.drawText(count_rect, Qt.AlignmentFlag.AlignVCenter, format_integer(total))
            self._draw_bar(
                painter,
                index,
                QRectF(label_width, top + 2, bar_width / max_total, max(height - 5, 2)),
            )
        self._draw_legend(painter, len(totals) * height + 6)
        painter.end()

    def _indices(self) -> range:
        return range(len(self._names))

    def _draw_bar(self, painter: QPainter, index: int, unit: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        left = unit.left()
        for rank, counts in enumerate(self._balance.values()):
            width = counts[index] * unit.width()
            painter.setBrush(class_colour(rank))
            painter.drawRect(QRectF(left, unit.top(), width, unit.height()))
            left += width

    def _draw_legend(self, painter: QPainter, top: float) -> None:
        left = 0.0
        for rank, subset in enumerate(self._balance):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(rank))
            painter.drawRoundedRect(QRectF(left, top + 4, 9, 9), 2, 2)
            painter.setPen(current_theme().colour("muted"))
            painter.drawText(QPointF(left + 14, top + 13), subset)
            left += 26 + painter.fontMetrics().horizontalAdvance(subset)


def to_qimage(image: npt.NDArray[np.uint8]) -> QImage:
    """Copy a uint8 image (H, W, C) with one or three channels into a QImage."""
    contiguous = np.ascontiguousarray(image)
    height, width, channels = contiguous.shape
    image_format = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(contiguous.data, width, height, width * channels, image_format).copy()
