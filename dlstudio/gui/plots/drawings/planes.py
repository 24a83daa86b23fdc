"""Draws 2-D arrays as colour images: maps in a grid, a matrix with names, a field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.gui.widgets.colour_maps import to_image
from dlstudio.gui.widgets.number_format import format_value
from dlstudio.insight.common.array_types import Floats
from dlstudio.insight.views.values import Field, Maps, Matrix, Vector

_GAP = 6.0
_MIN_CELL = QSize(34, 16)
"""Minimum size in pixels of a cell that shows its number."""
_MAX_NAME_SHARE = 0.35
_BRIGHT_SHARE = 0.7
"""Share of the largest value from which the colours are too bright for white text."""
_FONT_SIZE = 11
_SCALE_HEIGHT = 20.0
_STRIP = QSize(96, 8)
"""Size in pixels of the strip that shows the colours."""
_POINT_RADIUS = 3.0


@dataclass(frozen=True, slots=True)
class _Plane:
    """A colour image with a title and optional names of its rows and columns.

    Attributes:
        points: Points drawn on top `(N, 2)`, as shares of width and height from the lower left
            corner.
    """

    values: Floats
    title: str = ""
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    keeps_aspect: bool = False
    points: Floats | None = None


class PlanesDrawing(QWidget):
    """Draws one or several 2-D arrays above their common colour scale."""

    def __init__(self) -> None:
        super().__init__()
        self._planes: tuple[_Plane, ...] = ()
        self._range = (0.0, 1.0)
        self._unit = ""
        self.setMinimumSize(QSize(120, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_value(self, value: Maps | Matrix | Vector | Field) -> None:
        """Replace the value shown."""
        self._planes = tuple(_planes_of(value))
        low = None if isinstance(value, Vector) else value.low
        high = None if isinstance(value, Vector) else value.high
        self._range = _colour_range(value.values, low, high)
        self._unit = value.unit
        self.setAccessibleName(value.title)
        shape = "×".join(map(str, value.values.shape))
        ends = " to ".join(map(format_value, self._range))
        self.setAccessibleDescription(f"{shape} numbers from {ends} {value.unit}".strip())
        self.update()

    @property
    def scale_texts(self) -> tuple[str, str]:
        """The numbers at the ends of the colour scale, the last one with the unit."""
        low, high = map(format_value, self._range)
        return low, f"{high} {self._unit}".strip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(0, 0, self.width() + _GAP, self.height() - _SCALE_HEIGHT + _GAP)
        columns = self._column_count(room)
        rows = max(math.ceil(len(self._planes) / columns), 1)
        width, height = room.width() / columns, room.height() / rows
        for index, plane in enumerate(self._planes):
            row, column = divmod(index, columns)
            area = QRectF(column * width, row * height, width - _GAP, height - _GAP)
            self._draw_plane(painter, plane, area)
        if any(plane.values.size for plane in self._planes):
            self._draw_scale(painter)
        painter.end()

    def _column_count(self, room: QRectF) -> int:
        """Return the number of planes per row that makes them largest."""
        count = len(self._planes)
        if not count:
            return 1
        high, wide = self._planes[0].values.shape
        ratio: float = max(wide, 1) / max(high, 1)

        def size(columns: int) -> float:
            rows = math.ceil(count / columns)
            return min(room.width() / columns, ratio * room.height() / rows)

        return max(range(1, count + 1), key=size)

    def _draw_scale(self, painter: QPainter) -> None:
        """Draw the colours from the lowest to the highest value between these numbers."""
        low, high = self.scale_texts
        painter.setFont(mono_font(_FONT_SIZE))
        painter.setPen(current_theme().colour("muted"))
        metrics = QFontMetricsF(painter.font())
        line = QRectF(0, self.height() - _SCALE_HEIGHT, self.width(), _SCALE_HEIGHT)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle, low)
        left = metrics.horizontalAdvance(low) + _GAP
        strip = QRectF(QPointF(left, line.center().y() - _STRIP.height() / 2), _STRIP)
        colours = np.linspace(*self._range, _STRIP.width(), dtype=np.float32)
        painter.drawImage(strip, to_image(colours[None], *self._range))
        painter.drawText(line.adjusted(strip.right() + _GAP, 0, 0, 0), middle, high)

    def _draw_plane(self, painter: QPainter, plane: _Plane, area: QRectF) -> None:
        painter.setFont(text_font(_FONT_SIZE))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(current_theme().colour("muted"))
        if plane.title:
            title = metrics.elidedText(plane.title, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, title)
            area = area.adjusted(0, metrics.height(), 0, 0)
        widths = [metrics.horizontalAdvance(name) for name in plane.rows]
        left = min(
            max(widths, default=0.0) + (_GAP if widths else 0), _MAX_NAME_SHARE * area.width()
        )
        area = area.adjusted(left, metrics.height() if plane.columns else 0, 0, 0)
        if area.width() <= 0 or area.height() <= 0 or not plane.values.size:
            return
        if plane.keeps_aspect:
            area = _with_aspect(area, plane.values.shape)
        painter.drawImage(area, to_image(plane.values, *self._range))
        if plane.points is not None:
            _draw_points(painter, plane.points, area)
        cell = QSize(
            int(area.width() / plane.values.shape[1]), int(area.height() / plane.values.shape[0])
        )
        _draw_names(painter, plane, area, left)
        if plane.rows or plane.columns:
            self._draw_numbers(painter, plane, area, cell)

    def _draw_numbers(self, painter: QPainter, plane: _Plane, area: QRectF, cell: QSize) -> None:
        """Write each number into its cell if the cells are large enough."""
        if cell.width() < _MIN_CELL.width() or cell.height() < _MIN_CELL.height():
            return
        rows, columns = plane.values.shape
        width, height = area.width() / columns, area.height() / rows
        low, high = self._range
        painter.setFont(mono_font(_FONT_SIZE))
        for row, column in np.ndindex(rows, columns):
            value = float(plane.values[row, column])
            darkest = max(low, 0.0)
            is_bright = (value - darkest) / max(high - darkest, 1e-12) > _BRIGHT_SHARE
            painter.setPen(Qt.GlobalColor.black if is_bright else Qt.GlobalColor.white)
            place = QRectF(area.left() + column * width, area.top() + row * height, width, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, format_value(value))


def _planes_of(value: Maps | Matrix | Vector | Field) -> list[_Plane]:
    if isinstance(value, Maps):
        names = value.names or ("",) * len(value.values)
        return [
            _Plane(plane, name, keeps_aspect=True)
            for plane, name in zip(value.values, names, strict=True)
        ]
    if isinstance(value, Vector):
        return [_Plane(value.values[None])]
    if isinstance(value, Matrix):
        title = " × ".join(filter(None, (value.row_title, value.column_title)))
        return [_Plane(value.values, title, value.rows, value.columns)]
    axes = ((value.x_title, value.x_range), (value.y_title, value.y_range))
    texts = [
        f"{title or name}: {format_value(low)} … {format_value(high)}"
        for name, (title, (low, high)) in zip("xy", axes, strict=True)
    ]
    points = None if value.points is None else _shares(value.points.points, value)
    title = ", ".join(texts)
    return [_Plane(value.values[::-1], title, keeps_aspect=True, points=points)]


def _shares(points: Floats, field: Field) -> Floats:
    """Return coordinates `(N, 2)` as shares of the field's ranges."""
    low, high = np.array([field.x_range, field.y_range], np.float32).T
    shares: Floats = (points - low) / np.where(high == low, 1, high - low)
    return shares


def _colour_range(values: Floats, low: float | None, high: float | None) -> tuple[float, float]:
    """Return the ends of the colour scale, which is symmetric if there are negative values."""
    finite = values[np.isfinite(values)]
    least, largest = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    low, high = least if low is None else low, largest if high is None else high
    if low < 0:
        reach = max(-low, high)
        return -reach, reach
    return low, high if high > low else low + 1.0


def _with_aspect(area: QRectF, shape: tuple[int, ...]) -> QRectF:
    side = min(area.width() / shape[1], area.height() / shape[0])
    return QRectF(area.left(), area.top(), side * shape[1], side * shape[0])


def _draw_names(painter: QPainter, plane: _Plane, area: QRectF, left: float) -> None:
    painter.setPen(current_theme().colour("text"))
    metrics = QFontMetricsF(painter.font())
    rows, columns = plane.values.shape
    right, elide = Qt.TextElideMode.ElideRight, metrics.elidedText
    height, width = area.height() / rows, area.width() / columns
    for index, name in enumerate(plane.rows if height >= metrics.height() * 0.8 else ()):
        place = QRectF(area.left() - left, area.top() + index * height, left - _GAP, height)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, elide(name, right, left - _GAP))
    for index, name in enumerate(plane.columns):
        top = area.top() - metrics.height()
        place = QRectF(area.left() + index * width, top, width, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, elide(name, right, width))


def _draw_points(painter: QPainter, shares: Floats, area: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    painter.setPen(QPen(Qt.GlobalColor.black, 1))
    painter.setBrush(Qt.GlobalColor.white)
    for x, y in shares[np.isfinite(shares).all(axis=1)]:
        centre = QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
        painter.drawEllipse(centre, _POINT_RADIUS, _POINT_RADIUS)
    painter.restore()
