"""A scatter plot of samples in two dimensions, coloured by class, and its legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.class_markers import class_colour

_POINT_RADIUS = 2.6
_TITLE_HEIGHT = 18.0
_PADDING = 8.0
Points = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


class ClassScatter(QWidget):
    """A scatter plot with a frame and a title."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._points: Points = np.empty((0, 2), np.float32)
        self._labels: Labels = np.empty(0, np.int64)
        self.setMinimumSize(QSize(110, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_points(self, title: str, points: Points, labels: Labels) -> None:
        """Show points `(N, 2)` with their classes `(N,)`."""
        self._title, self._points, self._labels = title, points, labels
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{len(points)} points")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the points; each axis has its own scale."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(11))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(1, 12), self._title)
        frame = QRectF(self.rect()).adjusted(0.5, _TITLE_HEIGHT + 0.5, -0.5, -0.5)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("canvas"))
        painter.drawRoundedRect(frame, 6, 6)
        area = frame.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.setPen(Qt.PenStyle.NoPen)
        for position, label in zip(_pixel_positions(self._points, area), self._labels, strict=True):
            painter.setBrush(class_colour(int(label)))
            _marker_of(int(label))(painter, position)
        painter.end()


_LEGEND_WIDTH, _MAX_LEGEND_WIDTH, _LEGEND_MARKER = 78, 170, 15


class ClassLegend(QWidget):
    """The marker and name of each class, as many as fit."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(_LEGEND_WIDTH)

    def show_names(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        metrics = QFontMetricsF(text_font(11))
        longest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        width = round(longest) + _LEGEND_MARKER + 2
        self.setFixedWidth(min(max(width, _LEGEND_WIDTH), _MAX_LEGEND_WIDTH))
        self.setToolTip(", ".join(names))
        self.setAccessibleName(f"Classes: {', '.join(names)}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a row for each class that fits, and the number of the others."""
        if not self._names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.height() - _TITLE_HEIGHT
        line = min(max(area / len(self._names), 11.0), 18.0)
        painter.setFont(text_font(11))
        fitting = min(len(self._names), int(area // line))
        for index, name in enumerate(self._names[:fitting]):
            top = _TITLE_HEIGHT + index * line
            last = index == fitting - 1 and fitting < len(self._names)
            if not last:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(class_colour(index))
                _marker_of(index)(painter, QPointF(5, top + line / 2))
            painter.setPen(current_theme().colour("muted"))
            text = f"and {len(self._names) - index} more" if last else name
            room = self.width() - _LEGEND_MARKER
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            rect = QRectF(_LEGEND_MARKER, top, room, line)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


def _pixel_positions(points: Points, area: QRectF) -> list[QPointF]:
    """Map points to pixels; the outermost 1 % are clipped to the edge."""
    if not len(points):
        return []
    low, high = np.percentile(points, 0.5, axis=0), np.percentile(points, 99.5, axis=0)
    share = np.clip((points - low) / np.maximum(high - low, 1e-12), 0, 1)
    return [
        QPointF(area.left() + float(x) * area.width(), area.bottom() - float(y) * area.height())
        for x, y in share
    ]


def _marker_of(label: int) -> Callable[[QPainter, QPointF], None]:
    """Return the function that draws a class's marker; shapes differ where colours repeat."""
    shapes = (_draw_circle, _draw_square, _draw_triangle)
    return shapes[label // len(current_theme().curves) % len(shapes)]


def _draw_circle(painter: QPainter, centre: QPointF) -> None:
    painter.drawEllipse(centre, _POINT_RADIUS, _POINT_RADIUS)


def _draw_square(painter: QPainter, centre: QPointF) -> None:
    painter.drawRect(
        QRectF(
            centre.x() - _POINT_RADIUS,
            centre.y() - _POINT_RADIUS,
            2 * _POINT_RADIUS,
            2 * _POINT_RADIUS,
        )
    )


def _draw_triangle(painter: QPainter, centre: QPointF) -> None:
    high, wide = 1.3 * _POINT_RADIUS, 1.25 * _POINT_RADIUS
    corners = [(0.0, -high), (wide, 0.8 * high), (-wide, 0.8 * high)]
    painter.drawPolygon(QPolygonF([QPointF(centre.x() + x, centre.y() + y) for x, y in corners]))
