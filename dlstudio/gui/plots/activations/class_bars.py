"""The network's prediction for a sample: class probabilities as bars, or predicted values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.insight.activations.activation_views import ActivationView

_MAX_CLASSES = 12
_NARROW = 150
_SHORT_NAME, _LONGEST_NAME = 22.0, 160.0
"""Width of names of one or two letters, and the largest width of other names."""
_BESIDE_NAMES = 118.0
"""Width of the bars and percentages beside the names."""
_ROW_HEIGHT, _NUMBER_WIDTH = 16.0, 26.0
"""Height of a row of predicted and true values, and the width of its number."""
_PERCENT_WIDTH = 36.0
"""Width of the percentage beside a bar."""
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_MIN_SHOWN_SHARE = 0.005
"""Smaller probabilities are not written; they would read 0 %."""


class ClassBars(QWidget):
    """The predicted probabilities as bars, with the true class marked; or predicted values."""

    def __init__(self) -> None:
        super().__init__()
        self._view: ActivationView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(48)
        self.setFixedWidth(_NARROW)

    def show_view(self, view: ActivationView | None) -> None:
        """Show a view's prediction; hidden if it has none."""
        self._view = view
        self.setVisible(view is not None and bool(len(view.scores)))
        if view is not None and len(view.scores):
            self.setAccessibleName(_prediction_text(view))
            self.setToolTip(_prediction_text(view))
            self.setFixedWidth(max(_NARROW, round(_name_width(view.class_names) + _BESIDE_NAMES)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a bar per class, the most likely of many classes; or the predicted values."""
        view = self._view
        if view is None or not len(view.scores):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(view.class_names) == len(view.scores):
            self._draw_classes(painter, view)
        else:
            self._draw_values(painter, view)
        painter.end()

    def _draw_classes(self, painter: QPainter, view: ActivationView) -> None:
        order = list(range(len(view.scores)))
        if len(order) > _MAX_CLASSES:
            order = sorted(np.argsort(-view.scores)[: _MAX_CLASSES - 1].tolist())
            order += [] if view.target in order or view.target < 0 else [view.target]
        line = min(21.0, self.height() / len(order))
        short = _are_short([view.class_names[index] for index in order])
        size = min(11, max(9, int(line) - 1))
        name_width = _name_width(view.class_names)
        for row, index in enumerate(order):
            area = QRectF(0, row * line, self.width(), line)
            painter.setFont(mono_font(size) if short else text_font(size))
            self._draw_name(painter, area, name_width, view, index)
            painter.setFont(text_font(size))
            share = f"{100 * view.scores[index]:.0f} %"
            painter.drawText(area, _RIGHT, share if view.scores[index] >= _MIN_SHOWN_SHARE else "")
            self._draw_bar(
                painter, area.adjusted(name_width + 8, 0, -_PERCENT_WIDTH, 0), view, index
            )

    def _draw_name(
        self, painter: QPainter, area: QRectF, width: float, view: ActivationView, class_index: int
    ) -> None:
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(view.class_names[class_index], Qt.TextElideMode.ElideRight, width)
        painter.setPen(current_theme().colour("text" if _is_true(view, class_index) else "muted"))
        painter.drawText(QRectF(0, area.top(), width, area.height()), _RIGHT, name)

    def _draw_bar(
        self, painter: QPainter, area: QRectF, view: ActivationView, class_index: int
    ) -> None:
        theme = current_theme()
        is_true = _is_true(view, class_index)
        is_wrong = _is_predicted(view, class_index) and not is_true
        height = min(10.0, area.height() - 3)
        width = max(float(view.scores[class_index]) * area.width(), 1.2)
        bar = QRectF(area.left(), area.center().y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("error" if is_wrong else "accent"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        if is_true:
            painter.setPen(QPen(theme.colour("good"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(area.left(), bar.top() - 1.5, area.width(), height + 3), 2.5, 2.5
            )

    def _draw_values(self, painter: QPainter, view: ActivationView) -> None:
        theme = current_theme()
        if len(view.scores) > 1 and len(view.true_values) == len(view.scores):
            self._draw_table(painter, view)
            return
        painter.setFont(text_font(11))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(8, 16), "predicted")
        painter.drawText(QPointF(8, 58), "true")
        painter.setFont(mono_font(14))
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(8, 36), ", ".join(f"{value:.4g}" for value in view.scores[:3]))
        painter.setPen(theme.colour("good_text"))
        painter.drawText(QPointF(8, 78), view.true_label)

    def _draw_table(self, painter: QPainter, view: ActivationView) -> None:
        """Write each predicted value beside the true one, as many as fit."""
        theme = current_theme()
        column = (self.width() - _NUMBER_WIDTH) / 2
        rows = list(zip(view.scores.tolist(), view.true_values, strict=True))
        max_rows = max(int(self.height() // _ROW_HEIGHT) - 1, 1)
        shown = len(rows) if len(rows) <= max_rows else max(max_rows - 1, 1)

        def write(row: int, texts: Sequence[str], colours: Sequence[str]) -> None:
            top = row * _ROW_HEIGHT
            rects = (
                QRectF(0, top, _NUMBER_WIDTH - 4, _ROW_HEIGHT),
                QRectF(_NUMBER_WIDTH, top, column - 6, _ROW_HEIGHT),
                QRectF(_NUMBER_WIDTH + column, top, column - 4, _ROW_HEIGHT),
            )  # fmt: skip
            for text, rect, colour in zip(texts, rects, colours, strict=True):
                painter.setPen(theme.colour(colour))
                painter.drawText(rect, _RIGHT, text)

        painter.setFont(text_font(11))
        write(0, ("", "predicted", "true"), ("muted", "muted", "muted"))
        painter.setFont(mono_font(11))
        for index, (predicted, target) in enumerate(rows[:shown]):
            texts = (
                str(index),
                *(f"{value:.4g}".replace("-", "−") for value in (predicted, target)),
            )
            write(index + 1, texts, ("muted", "text", "good_text"))
        if shown < len(rows):
            painter.setFont(text_font(11))
            painter.setPen(theme.colour("muted"))
            rect = QRectF(0, (shown + 1) * _ROW_HEIGHT, self.width() - 4, _ROW_HEIGHT)
            painter.drawText(rect, _RIGHT, f"and {len(rows) - shown} more")


def _is_true(view: ActivationView, class_index: int) -> bool:
    return class_index == view.target if view.targets is None else class_index in view.targets


def _is_predicted(view: ActivationView, class_index: int) -> bool:
    if view.targets is None:
        return class_index == int(np.argmax(view.scores))
    return bool(view.scores[class_index] > 0.5)


def _name_width(names: Sequence[str]) -> float:
    """Return the width for the names of classes, in which all but very long ones fit."""
    if _are_short(names):
        return _SHORT_NAME
    metrics = QFontMetricsF(text_font(11))
    longest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
    return min(longest + 1.0, _LONGEST_NAME)


def _are_short(names: Sequence[str]) -> bool:
    return max(map(len, names), default=0) <= 3


def _prediction_text(view: ActivationView) -> str:
    if len(view.class_names) != len(view.scores):
        return f"predicted {view.scores[:3].tolist()}, true {view.true_label}"
    if view.targets is not None:
        predicted = [
            name for index, name in enumerate(view.class_names) if _is_predicted(view, index)
        ]
        return f"predicted {', '.join(predicted) or 'none'}, true {view.true_label}"
    best = int(np.argmax(view.scores))
    share = 100 * float(view.scores[best])
    return f"predicted {view.class_names[best]} ({share:.1f} %), true {view.true_label}"
