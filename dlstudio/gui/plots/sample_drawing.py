"""Draws what a network made: pictures in rows or a grid, points on a plane, lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.panels.data_pictures import as_image
from dlstudio.gui.theme import current, text_font
from dlstudio.insight.sample_views import SampleRow, SamplesView

_GAP = 4.0
_TITLE = 108.0
"""Width of the titles beside rows that belong together."""
_LEGEND = 18.0
_MARGIN = 0.06
_POINT = 2.4


class SampleDrawing(QWidget):
    """Shows one view; colours by row, the first one muted."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._view: SamplesView | None = None
        self._images: list[list[QImage]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 70))

    def show_view(self, view: SamplesView | None) -> None:
        """Show other samples."""
        self._view = view
        self._images = []
        if view is not None and view.form == "pictures":
            self._images = [[as_image(each) for each in _bytes(row)] for row in view.rows]
        lines = [f"{row.title}: {len(row)}" for row in view.rows] if view else []
        self.setAccessibleDescription(", ".join(lines))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw in the form that suits."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(11))
        self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Draw all samples into a part of a picture."""
        view = self._view
        if view is None:
            return
        if view.form == "pictures" and view.paired:
            self._draw_rows(painter, room, view)
        elif view.form == "pictures":
            for image, place in zip(self._images[0], _grid(room, self._images[0]), strict=False):
                painter.drawImage(place, image)
        elif view.form == "points":
            _draw_legend(painter, room, view.rows)
            _draw_points(painter, room.adjusted(0, _LEGEND, 0, 0), view)
        elif view.form == "lines":
            _draw_legend(painter, room, view.rows)
            _draw_lines(painter, room.adjusted(0, _LEGEND, 0, 0), view)
        else:
            _draw_texts(painter, room, view.rows)

    def _draw_rows(self, painter: QPainter, room: QRectF, view: SamplesView) -> None:
        count = max(map(len, self._images), default=0)
        if not count:
            return
        rows = len(self._images)
        wide = (room.width() - _TITLE - (count - 1) * _GAP) / count
        side = max(min(wide, (room.height() - (rows - 1) * _GAP) / rows), 8.0)
        for number, (row, images) in enumerate(zip(view.rows, self._images, strict=True)):
            top = room.top() + number * (side + _GAP)
            painter.setPen(current().colour("muted"))
            place = QRectF(room.left(), top, _TITLE - 8, side)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.title)
            for at, image in enumerate(images):
                left = room.left() + _TITLE + at * (side + _GAP)
                if left + side > room.right() + 1:
                    break
                painter.drawImage(QRectF(left, top, side, side), image)


def _bytes(row: SampleRow) -> Iterator[npt.NDArray[np.uint8]]:
    for picture in row.values:
        yield np.asarray(picture, np.uint8)


def _grid(room: QRectF, images: Sequence[QImage]) -> Iterator[QRectF]:
    """Yield a square for each picture, as large as fits."""
    count = len(images)
    best = max(range(1, count + 1), key=lambda across: _side(room, across, count), default=1)
    side = _side(room, best, count)
    for at in range(count):
        left = room.left() + at % best * (side + _GAP)
        yield QRectF(left, room.top() + at // best * (side + _GAP), side, side)


def _side(room: QRectF, across: int, count: int) -> float:
    down = math.ceil(count / across)
    wide = (room.width() - (across - 1) * _GAP) / across
    return max(min(wide, (room.height() - (down - 1) * _GAP) / down), 1.0)


def _colours(rows: Sequence[SampleRow]) -> list[QColor]:
    theme = current()
    made = [QColor(each) for each in theme.curves]
    return [theme.colour("muted"), *made][: len(rows)] if len(rows) > 1 else made[:1]


def _draw_legend(painter: QPainter, room: QRectF, rows: Sequence[SampleRow]) -> None:
    left = room.left()
    for row, colour in zip(rows, _colours(rows), strict=False):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, room.top() + 6, 10, 4), 2, 2)
        painter.setPen(current().colour("muted"))
        width = painter.fontMetrics().horizontalAdvance(row.title) + 6
        painter.drawText(QPointF(left + 15, room.top() + 12), row.title)
        left += width + 26


def _draw_points(painter: QPainter, room: QRectF, view: SamplesView) -> None:
    """Draw points at equal scales; the first row sets what is in view."""
    first = np.asarray(view.rows[0].values, np.float64)
    if not len(first):
        return
    low, high = first.min(0), first.max(0)
    span = max(float((high - low).max()), 1e-9) * (1 + 4 * _MARGIN)
    scale = min(room.width(), room.height()) / span
    middle = (low + high) / 2
    painter.setClipRect(room)
    painter.setPen(Qt.PenStyle.NoPen)
    for row, colour in zip(view.rows, _colours(view.rows), strict=False):
        painter.setBrush(colour)
        for x, y in np.asarray(row.values, np.float64):
            across = room.center().x() + (x - middle[0]) * scale
            down = room.center().y() - (y - middle[1]) * scale
            if math.isfinite(across) and math.isfinite(down):
                painter.drawEllipse(QPointF(across, down), _POINT, _POINT)
    painter.setClipping(False)


def _draw_lines(painter: QPainter, room: QRectF, view: SamplesView) -> None:
    """Draw one small plot for each sample, its rows over each other."""
    count = max(map(len, view.rows), default=0)
    across = max(1, min(count, int(room.width() // 190)))
    down = max(1, min(math.ceil(count / across), int(room.height() // 48) or 1))
    width = (room.width() - (across - 1) * 3 * _GAP) / across
    height = (room.height() - (down - 1) * 2 * _GAP) / down
    for at in range(min(count, across * down)):
        left = room.left() + at % across * (width + 3 * _GAP)
        top = room.top() + at // across * (height + 2 * _GAP)
        _draw_plot(painter, QRectF(left, top, width, height), view.rows, at)


def _draw_plot(painter: QPainter, room: QRectF, rows: Sequence[SampleRow], at: int) -> None:
    lines = [np.asarray(row.values[at], np.float64).ravel() for row in rows if at < len(row)]
    whole = np.concatenate(lines) if lines else np.zeros(1)
    finite = whole[np.isfinite(whole)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    tall = room.height() / max(high - low, 1e-9)
    longest = max(map(len, lines), default=1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line, colour in zip(lines, _colours(rows), strict=False):
        points = [
            QPointF(
                room.left() + room.width() * place / max(longest - 1, 1),
                room.bottom() - (value - low) * tall,
            )
            for place, value in enumerate(line)
            if math.isfinite(value)
        ]
        painter.setPen(QPen(colour, 1.6))
        painter.drawPolyline(QPolygonF(points))


def _draw_texts(painter: QPainter, room: QRectF, rows: Sequence[SampleRow]) -> None:
    lines = [f"{row.title}\n{text}" for row in rows for text in row.texts]
    painter.setPen(current().colour("text"))
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWrapAnywhere
    painter.drawText(room, int(flags), "\n\n".join(lines))
