"""Points in the plane of two columns, with an own scale for each axis. Reads nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.class_markers import class_colour, draw_marker

Floats = npt.NDArray[np.float32]
_LEFT = 48
_TICKS = 4
_MAX_LEGEND = 4
_LEGEND_LEFT, _LEGEND_ROW = 8, 20
_MAX_DIGITS = 6
_ROUNDING = 1e-4
_LegendEntry = tuple[int, str, float]
"""Index of a class, its name as shown, and the left edge of its sign."""


class ScatterPlot(QWidget):
    """Points in the plane of two columns; each axis has its own scale."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(120)
        self._x: Floats = np.empty(0, np.float32)
        self._y: Floats = np.empty(0, np.float32)
        self._labels: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._classes: Sequence[str] = ()
        self._names = ("", "")

    def set_axis_names(self, x: str, y: str) -> None:
        """Set the names of the columns, drawn beside the axes; empty names take no room."""
        self._names = (x, y)
        self.setAccessibleName(f"{y} over {x}" if x and y else "")
        self.update()

    def set_points(self, x: Floats, y: Floats) -> None:
        """Show points."""
        finite = np.isfinite(x) & np.isfinite(y)
        self._x, self._y, self._finite = x[finite], y[finite], finite
        self.update()

    def set_classes(self, labels: npt.NDArray[np.int64], names: Sequence[str]) -> None:
        """Set the class of each point; empty without classes."""
        self._labels, self._classes = labels, names

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not len(self._x):
            painter.setPen(current_theme().colour("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No two columns of numbers")
            painter.end()
            return
        has_legend = 0 < len(self._classes) <= _MAX_LEGEND
        x_range, y_range = nice_range(self._x), nice_range(self._y)
        painter.setFont(mono_font(max(font_size() - 2, 11)))
        widths = map(painter.fontMetrics().horizontalAdvance, tick_texts(y_range))
        left = max(_LEFT, *(width + 10 for width in widths))
        top, bottom = (22, 46) if any(self._names) else (6, 22)
        legend = self._legend_rows() if has_legend else []
        height = self.height() - top - bottom - _LEGEND_ROW * len(legend)
        area = QRectF(left, top, self.width() - left - 10, height)
        self._draw_axes(painter, area, x_range, y_range)
        labels = self._labels[self._finite] if len(self._labels) == len(self._finite) else None
        radius = 3.2 if len(self._x) < 600 else 2.4
        xs = area.left() + (self._x - x_range[0]) / (x_range[-1] - x_range[0]) * area.width()
        ys = area.bottom() - (self._y - y_range[0]) / (y_range[-1] - y_range[0]) * area.height()
        for index, (x, y) in enumerate(zip(xs.tolist(), ys.tolist(), strict=True)):
            label = 0 if labels is None else int(labels[index])
            colour = current_theme().colour("accent") if labels is None else class_colour(label)
            draw_marker(painter, QPointF(x, y), radius, label, colour)
        if any(self._names):
            self._draw_names(painter, area)
        for row, entries in enumerate(legend):
            _draw_legend_row(painter, entries, area.bottom() + bottom + 10 + _LEGEND_ROW * row)
        painter.end()

    def _draw_names(self, painter: QPainter, area: QRectF) -> None:
        """Draw the name of the y axis above it, that of the x axis below its numbers."""
        painter.setFont(text_font(max(font_size() - 1, 11)))
        painter.setPen(current_theme().colour("text"))
        centred, left = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
        below = QRectF(area.left(), area.bottom() + 24, area.width(), 18)
        above = QRectF(4, 0, self.width() - 8, 18)
        for name, place, align in zip(self._names, (below, above), (centred, left), strict=True):
            text = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, align, text)

    def _draw_axes(
        self, painter: QPainter, area: QRectF, xs: Sequence[float], ys: Sequence[float]
    ) -> None:
        theme = current_theme()
        for value, text in zip(ys, tick_texts(ys), strict=True):
            y = area.bottom() - (value - ys[0]) / (ys[-1] - ys[0]) * area.height()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("muted"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 9, area.left() - 7, 18), right, text)
        painter.setPen(theme.colour("muted"))
        free = 0.0
        for value, text in zip(xs, tick_texts(xs), strict=True):
            x = area.left() + (value - xs[0]) / (xs[-1] - xs[0]) * area.width()
            box = QRectF(0, area.bottom() + 4, painter.fontMetrics().horizontalAdvance(text), 18)
            box.moveLeft(min(x - box.width() / 2, self.width() - box.width()))
            if box.left() >= free:
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)
                free = box.right() + 6

    def _legend_rows(self) -> list[list[_LegendEntry]]:
        """Return the classes with their places; names that do not fit in one row wrap."""
        metrics = QFontMetricsF(_legend_font())
        rows: list[list[_LegendEntry]] = [[]]
        left = float(_LEGEND_LEFT)
        for index, name in enumerate(self._classes):
            room = self.width() - _LEGEND_LEFT - 14
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(text)
            if rows[-1] and left + 14 + width > self.width():
                rows.append([])
                left = float(_LEGEND_LEFT)
            rows[-1].append((index, text, left))
            left += 26 + width
        return rows


def _legend_font() -> QFont:
    return text_font(max(font_size() - 1, 11))


def _draw_legend_row(painter: QPainter, entries: list[_LegendEntry], y: float) -> None:
    painter.setFont(_legend_font())
    for index, text, left in entries:
        draw_marker(painter, QPointF(left + 5, y), 4, index, class_colour(index))
        painter.setPen(current_theme().colour("text"))
        painter.drawText(QPointF(left + 14, y + 4), text)


def nice_range(values: Floats) -> list[float]:
    """Return round values, equally spaced, that enclose all values."""
    low, high = float(values.min()), float(values.max())
    span = high - low or abs(high) or 1.0
    raw = span / _TICKS * (1 - _ROUNDING)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    first = math.floor(low / step + _ROUNDING) * step
    count = math.ceil((high - first) / step - _ROUNDING) or 1
    return [first + step * index for index in range(count + 1)]


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Return the numbers at an axis, with as many digits as tell them apart."""
    step, largest = ticks[1] - ticks[0], max(map(abs, ticks))
    digits = max(math.ceil(math.log10(largest / step)) + 1, 3)
    decimals = next((d for d in range(12) if math.isclose(round(step, d), step)), 12)
    is_plain = 1e-4 <= largest < 1e6 or digits > _MAX_DIGITS
    number = f".{decimals}f" if is_plain else f".{digits}g"
    texts = (format(0.0 if abs(value) < step / 1000 else value, number) for value in ticks)
    return [_without_zeros(text).replace("-", "−") for text in texts]


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
