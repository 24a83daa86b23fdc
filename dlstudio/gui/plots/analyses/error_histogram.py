"""Reconstruction errors of normal and anomalous samples as two histograms, with a threshold."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.number_format import format_3_digits
from dlstudio.insight.analyses.anomaly_views import AnomalyView, Errors

_BINS = 40
_AXIS_LABEL = "mean squared error →"
_AXIS_HEIGHT, _LEGEND_HEIGHT = 18.0, 18.0
_MIN_ERROR = 1e-12
"""Smaller errors are raised to this, as the axis is logarithmic."""
_KEY_STEP = 0.01
"""Step of an arrow key as a share of the width."""


class ErrorHistogram(QWidget):
    """Two histograms over a logarithmic axis, and a threshold to drag.

    Signals:
        threshold_moved: The threshold chosen by the user.
    """

    threshold_moved = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._view: AnomalyView | None = None
        self._title = ""
        self._low, self._high = -1.0, 0.0
        self._heights: tuple[npt.NDArray[np.float64], ...] = ()
        self.threshold = 0.0
        """Error above which a sample counts as anomalous."""
        self.setMinimumSize(QSize(180, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName("Errors of normal and anomalous samples")
        self.setToolTip("Drag the threshold, or move it with the arrow keys")

    def show_view(self, view: AnomalyView, threshold: float, title: str) -> None:
        """Show errors with a threshold; `title` names the anomaly source."""
        if view is not self._view:
            self._compute_histograms(view)
        self._view, self.threshold, self._title = view, threshold, title
        score = view.score_at(threshold)
        self.setAccessibleDescription(
            f"Threshold {format_3_digits(threshold)}, exceeded by "
            f"{100 * score.false_alarm_rate:.1f} % of the normal and "
            f"{100 * score.detection_rate:.1f} % of the anomalous samples"
        )
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the threshold to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._move_threshold(event.position().x() / max(self.width(), 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_threshold(event.position().x() / max(self.width(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the threshold with the left and right arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is None or self._view is None:
            super().keyPressEvent(event)
            return
        self._move_threshold(self._to_fraction(self.threshold) + steps * _KEY_STEP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(11))
        area = QRectF(
            0, _LEGEND_HEIGHT, self.width(), self.height() - _LEGEND_HEIGHT - _AXIS_HEIGHT
        )
        for heights, colour in zip(self._heights, _colours(), strict=True):
            _draw_histogram(painter, area, heights, colour)
        self._draw_axis(painter, area)
        self._draw_threshold(painter, area)
        self._draw_legend(painter)
        painter.end()

    def _compute_histograms(self, view: AnomalyView) -> None:
        both = _log10_errors(np.concatenate([view.normal, view.anomalous]))
        low, high = float(both.min()), float(both.max())
        edge = max(0.04 * (high - low), 0.05)
        self._low, self._high = low - edge, high + edge
        shares = [
            np.histogram(_log10_errors(errors), _BINS, (self._low, self._high))[0] / len(errors)
            for errors in (view.normal, view.anomalous)
        ]
        tallest = max(float(heights.max()) for heights in shares)
        self._heights = tuple(heights / tallest for heights in shares)

    def _to_fraction(self, error: float) -> float:
        """Return the position of an error as a share of the width."""
        return (math.log10(max(error, _MIN_ERROR)) - self._low) / (self._high - self._low)

    def _move_threshold(self, fraction: float) -> None:
        if self._view is not None:
            inside = min(max(fraction, 0.0), 1.0)
            self.threshold_moved.emit(10 ** (self._low + inside * (self._high - self._low)))

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(theme.colour("muted"))
        free = 0.0
        for error in _ticks(self._low, self._high):
            text = format_3_digits(error)
            width = painter.fontMetrics().horizontalAdvance(text) + 10.0
            left = self._to_fraction(error) * area.width() - width / 2
            if left >= free and left + width <= area.width():
                rect = QRectF(left, area.bottom() + 2, width, _AXIS_HEIGHT - 2)
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
                free = left + width

    def _draw_threshold(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        x = self._to_fraction(self.threshold) * area.width()
        colour = theme.colour("accent" if self.hasFocus() else "text")
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, area.top() + 4), 3.5, 3.5)
        text = f"threshold {format_3_digits(self.threshold)}"
        width = painter.fontMetrics().horizontalAdvance(text)
        left = x + 8 if x + width + 12 < area.width() else x - width - 8
        painter.drawText(QPointF(left, area.top() + 8), text)

    def _draw_legend(self, painter: QPainter) -> None:
        left = 0.0
        for text, colour in zip(
            ("normal samples", f"anomalous: {self._title}"), _colours(), strict=True
        ):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, 5, 10, 4), 2, 2)
            painter.setPen(current_theme().colour("muted"))
            painter.drawText(QPointF(left + 15, 11), text)
            left += painter.fontMetrics().horizontalAdvance(text) + 32
        width = painter.fontMetrics().horizontalAdvance(_AXIS_LABEL)
        if left + width <= self.width():
            painter.drawText(QPointF(self.width() - width, 11), _AXIS_LABEL)


def _colours() -> tuple[QColor, QColor]:
    curves = current_theme().curves
    return QColor(curves[0]), QColor(curves[1])


def _log10_errors(errors: Errors) -> Errors:
    logs: Errors = np.log10(np.maximum(errors, _MIN_ERROR))
    return logs


def _ticks(low: float, high: float) -> list[float]:
    digits = (1, 2, 5) if high - low < 2.5 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    return [digit * 10.0**power for power in powers for digit in digits]


def _draw_histogram(
    painter: QPainter, area: QRectF, heights: npt.NDArray[np.float64], colour: QColor
) -> None:
    """Draw a histogram as one translucent outline, so that two can overlap."""
    step = area.width() / len(heights)
    outline = [area.bottomLeft()]
    for index, height in enumerate(heights):
        top = area.bottom() - float(height) * (area.height() - 14)
        outline += [QPointF(index * step, top), QPointF((index + 1) * step, top)]
    outline.append(area.bottomRight())
    painter.setPen(QPen(colour, 1.4))
    faint = QColor(colour)
    faint.setAlphaF(0.35)
    painter.setBrush(faint)
    painter.drawPolygon(QPolygonF(outline))
