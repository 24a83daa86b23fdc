"""Draws samples as points, as small line plots, or as predicted over true values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dlstudio.gui.plots.samples.sample_texts import captions_height, draw_caption
from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.number_format import format_3_digits
from dlstudio.insight.samples.sample_views import SampleRow, SamplesView

_GAP = 12.0
_LEGEND_HEIGHT = 18.0
_MARGIN = 0.06
_POINT_RADIUS, _LARGE_RADIUS, _MIN_RADIUS = 2.4, 5.0, 1.2
_POINTS_ACROSS = 100
"""A small plot is this many point radii wide, so that points do not hide each other."""
_FEW_POINTS = 64
"""Up to this many points are drawn larger, to stand out from the data."""
_PLOT_WIDTH, _PLOT_HEIGHT = 190.0, 64.0
_AXES_TEXT = "values over time →"
_RANGE_WIDTH, _BOTTOM_MARGIN = 42.0, 4.0
"""Width of the smallest and largest value, and the margin below the last plot."""
Floats = npt.NDArray[np.float64]


def draw_points(painter: QPainter, area: QRectF, view: SamplesView) -> None:
    """Draw points with equal scales on both axes; the first row sets the visible range.

    With class names, the last row contains the misclassified points, drawn as crosses.
    """
    rows, colours = view.rows, _colours(view)
    legend = _draw_legend(painter, area, rows, colours)
    legend += _draw_axis_names(painter, area.adjusted(legend, 0, 0, 0), view.axes)
    if 2 * legend + min(area.width(), area.height()) > area.width():
        area = area.adjusted(0, _LEGEND_HEIGHT, 0, 0)
    fitted_rows = rows if view.class_names else rows[:1]
    points = np.concatenate([np.asarray(row.values, np.float64) for row in fitted_rows])
    if not len(points):
        return
    low, high = points.min(0), points.max(0)
    span = max(float((high - low).max()), 1e-9) * (1 + 4 * _MARGIN)
    scale = min(area.width(), area.height()) / span
    centre = (low + high) / 2
    point = min(_POINT_RADIUS, max(min(area.width(), area.height()) / _POINTS_ACROSS, _MIN_RADIUS))
    painter.save()
    painter.setClipRect(area)
    for number, (row, colour) in enumerate(zip(rows, colours, strict=False)):
        crossed = bool(view.class_names) and row is rows[-1]
        size = (
            _LARGE_RADIUS if number and len(row) <= _FEW_POINTS and not view.class_names else point
        )
        for x, y in np.asarray(row.values, np.float64):
            across = area.center().x() + (x - centre[0]) * scale
            down = area.center().y() - (y - centre[1]) * scale
            if math.isfinite(across) and math.isfinite(down):
                _draw_point(painter, QPointF(across, down), colour, size, crossed=crossed)
    painter.restore()


def _draw_axis_names(painter: QPainter, area: QRectF, axes: Sequence[str]) -> float:
    """Name both axes in the line of the legend; return the width of the text."""
    if len(axes) != 2:
        return 0.0
    metrics = painter.fontMetrics()
    text = metrics.elidedText(
        f"{axes[0]} →   {axes[1]} ↑", Qt.TextElideMode.ElideRight, max(int(area.width()), 0)
    )
    painter.setPen(current_theme().colour("muted"))
    painter.drawText(QPointF(area.left(), area.top() + 12), text)
    return float(metrics.horizontalAdvance(text))


def draw_lines(painter: QPainter, area: QRectF, view: SamplesView) -> None:
    """Draw a small plot for each sample, with all rows in it."""
    colours = _colours(view)
    used = _draw_legend(painter, area, view.rows, colours) if len(view.rows) > 1 else 0.0
    axes_width = painter.fontMetrics().horizontalAdvance(_AXES_TEXT)
    if used + axes_width <= area.width():
        painter.setPen(current_theme().colour("muted"))
        painter.drawText(QPointF(area.right() - axes_width, area.top() + 12), _AXES_TEXT)
    area = area.adjusted(0, _LEGEND_HEIGHT, 0, -_BOTTOM_MARGIN)
    across, down = _grid_shape(view, area.width())
    width = (area.width() - (across - 1) * _GAP) / across
    height = (area.height() - (down - 1) * _GAP) / down
    for index in range(len(view)):
        left = area.left() + index % across * (width + _GAP)
        top = area.top() + index // across * (height + _GAP)
        below = captions_height(view.captions, width) if index < len(view.captions) else 0.0
        _draw_plot(painter, QRectF(left, top, width, height - below), view.rows, colours, index)
        if below:
            caption_rect = QRectF(left, top + height - below, width, below)
            draw_caption(painter, caption_rect, view.captions[index])


def lines_height(view: SamplesView, width: int) -> float:
    """Return the minimum height of the plots in pixels."""
    _, down = _grid_shape(view, width)
    return _LEGEND_HEIGHT + _BOTTOM_MARGIN + down * _PLOT_HEIGHT + (down - 1) * _GAP


def draw_scatter(painter: QPainter, area: QRectF, view: SamplesView) -> None:
    """Draw predicted over true values, with the diagonal of equality."""
    pairs = np.asarray(view.rows[0].values, np.float64)
    pairs = pairs[np.isfinite(pairs).all(1)]
    if not len(pairs):
        return
    low, high = float(pairs.min()), float(pairs.max())
    side = min(area.width() - 84, area.height() - 34)
    box = QRectF(area.left() + 76, area.top() + 4, side, side)
    scale = side / max((high - low) * (1 + 2 * _MARGIN), 1e-9)
    low -= (high - low) * _MARGIN
    theme = current_theme()
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.setPen(QPen(theme.colour("muted"), 1, Qt.PenStyle.DashLine))
    painter.drawLine(box.bottomLeft(), box.topRight())
    colour = QColor(theme.curves[0])
    for x, y in (pairs - low) * scale:
        position = QPointF(box.left() + x, box.bottom() - y)
        _draw_point(painter, position, colour, _POINT_RADIUS, crossed=False)
    _draw_axes(painter, box, (float(pairs.min()), float(pairs.max())))


def _draw_axes(painter: QPainter, box: QRectF, ends: tuple[float, float]) -> None:
    painter.setPen(current_theme().colour("muted"))
    below = QRectF(box.left(), box.bottom() + 2, box.width(), 16)
    aside = QRectF(box.left() - 76, box.top(), 70, box.height())
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    low, high = map(_value_text, ends)
    painter.drawText(below, left, low)
    painter.drawText(below, right, high)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "true")
    painter.drawText(aside, right | Qt.AlignmentFlag.AlignTop, high)
    painter.drawText(aside, right | Qt.AlignmentFlag.AlignBottom, low)
    painter.drawText(aside, right | Qt.AlignmentFlag.AlignVCenter, "predicted")


def _value_text(value: float) -> str:
    return f"−{format_3_digits(-value)}" if value < 0 else format_3_digits(value)


def _draw_point(
    painter: QPainter, position: QPointF, colour: QColor, size: float, *, crossed: bool
) -> None:
    if crossed:
        painter.setPen(QPen(colour, 1.6))
        for sign in (1, -1):
            arm = QPointF(4, 4 * sign)
            painter.drawLine(position - arm, position + arm)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(position, size, size)


def _colours(view: SamplesView) -> list[QColor]:
    theme, rows = current_theme(), view.rows
    colours = [QColor(theme.curves[index % len(theme.curves)]) for index in range(len(rows))]
    if view.class_names:
        return [*colours[:-1], theme.colour("text")]
    return [theme.colour("muted"), *colours][: len(rows)] if len(rows) > 1 else colours


def _draw_legend(
    painter: QPainter, area: QRectF, rows: Sequence[SampleRow], colours: Sequence[QColor]
) -> float:
    """Draw the legend of the rows; return its width."""
    left = area.left()
    for row, colour in zip(rows, colours, strict=False):
        width = painter.fontMetrics().horizontalAdvance(row.title) + 32
        if left + width > area.right() + 12:
            break
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, area.top() + 6, 10, 4), 2, 2)
        painter.setPen(current_theme().colour("muted"))
        painter.drawText(QPointF(left + 15, area.top() + 12), row.title)
        left += width
    return left - area.left()


def _grid_shape(view: SamplesView, width: float) -> tuple[int, int]:
    count = max(len(view), 1)
    across = max(1, min(count, int((width + _GAP) // (_PLOT_WIDTH + _GAP))))
    return across, math.ceil(count / across)


def _draw_range(painter: QPainter, area: QRectF, low: float, high: float) -> None:
    """Write the smallest and the largest value at the left of a plot."""
    painter.setFont(text_font(11))
    painter.setPen(current_theme().colour("muted"))
    aside = QRectF(area.left(), area.top() - 3, _RANGE_WIDTH - 4, area.height() + 6)
    right = Qt.AlignmentFlag.AlignRight
    painter.drawText(aside, right | Qt.AlignmentFlag.AlignTop, _value_text(high))
    painter.drawText(aside, right | Qt.AlignmentFlag.AlignBottom, _value_text(low))


def _draw_plot(
    painter: QPainter,
    area: QRectF,
    rows: Sequence[SampleRow],
    colours: Sequence[QColor],
    index: int,
) -> None:
    pairs = [(row, colour) for row, colour in zip(rows, colours, strict=False) if index < len(row)]
    lines = [np.asarray(row.values[index], np.float64).ravel() for row, _ in pairs]
    values = np.concatenate(lines) if lines else np.zeros(1)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    _draw_range(painter, area, low, high)
    area = area.adjusted(_RANGE_WIDTH, 0, 0, 0)
    scale = (area.height() - 4) / max(high - low, 1e-9)
    ends = [row.start + len(line) for (row, _), line in zip(pairs, lines, strict=True)]
    step = area.width() / max(max(ends, default=1) - 1, 1)
    painter.setPen(QPen(current_theme().colour("line"), 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (row, colour), line in zip(pairs, lines, strict=True):
        points = [
            QPointF(
                area.left() + (row.start + offset) * step, area.bottom() - 2 - (y - low) * scale
            )
            for offset, y in enumerate(line)
            if math.isfinite(y)
        ]
        painter.setPen(QPen(colour, 1.6))
        painter.drawPolyline(QPolygonF(points))
