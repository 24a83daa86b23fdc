"""Draws named values as horizontal bars, with their spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.gui.widgets.number_format import format_value
from dlstudio.insight.views.values import Bars

ROW_HEIGHT = 34.0
_MIN_ROW_HEIGHT = 26.0
_NAME_GAP = 8.0


class BarsDrawing(QWidget):
    """One row per value: its name, its number and a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._bars = Bars((), np.empty(0, np.float32))
        self._colours: Sequence[str] = ()
        self.setMinimumSize(QSize(120, 90))

    @property
    def rows(self) -> list[str]:
        """The text of each row."""
        return [f"{name}: {self._number(index)}" for index, name in enumerate(self._bars.names)]

    def sizeHint(self) -> QSize:
        return QSize(172, max(round(len(self._bars.names) * ROW_HEIGHT), 90))

    def show_value(self, bars: Bars, colours: Sequence[str] = ()) -> None:
        """Show these bars; `colours` apply to the first ones, the others share one colour."""
        self._bars, self._colours = bars, colours
        self.setMinimumHeight(max(round(len(bars.names) * _MIN_ROW_HEIGHT), 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(bars.title)
        self.setAccessibleDescription(", ".join(self.rows))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._bars.names:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self._range()
        line = min(self.height() / len(self._bars.names), ROW_HEIGHT)
        for index, name in enumerate(self._bars.names):
            area = QRectF(0, index * line, self.width() - 4, line - 12)
            painter.setPen(theme.colour("text"))
            _draw_row(painter, area, name, self._number(index))
            value, spread = (
                (float(array[index]) if array is not None else 0.0)
                for array in (self._bars.values, self._bars.spread)
            )
            ends = [
                (limit - low) / (high - low)
                for limit in (0.0, value - spread, value, value + spread)
            ]
            colour = self._colours[index] if index < len(self._colours) else theme.curves[0]
            _draw_bar(painter, QRectF(0, area.bottom(), area.width(), 6), ends, colour)
        painter.end()

    def _number(self, index: int) -> str:
        bars = self._bars
        form = "{:.1f}".format if bars.unit == "%" else format_value
        spread = float(bars.spread[index]) if bars.spread is not None else 0.0
        text = form(float(bars.values[index])) + (f" ± {form(spread)}" if spread else "")
        return f"{text} {bars.unit}".strip()

    def _range(self) -> tuple[float, float]:
        bars = self._bars
        spread = 0.0 if bars.spread is None else np.nan_to_num(bars.spread)
        finite = np.isfinite(bars.values)
        least, largest = (bars.values - spread)[finite], (bars.values + spread)[finite]
        low = bars.low if bars.low is not None else min(float(least.min(initial=0.0)), 0.0)
        high = bars.high if bars.high is not None else max(float(largest.max(initial=0.0)), 0.0)
        return low, high if high > low else low + 1.0


def _draw_row(painter: QPainter, area: QRectF, name: str, number: str) -> None:
    """Write a number at the right and, in the room beside it, the name at the left."""
    painter.setFont(mono_font(11))
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, number)
    room = area.width() - painter.fontMetrics().horizontalAdvance(number) - _NAME_GAP
    painter.setFont(text_font(11))
    text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, round(room))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)


def _draw_bar(painter: QPainter, area: QRectF, ends: Sequence[float], colour: str) -> None:
    """Draw a bar from zero and a whisker.

    `ends` are zero, the low end, the value and the high end as shares of the width.
    """
    theme = current_theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("hover"))
    painter.drawRoundedRect(area, 3, 3)
    known = (end if np.isfinite(end) else ends[0] for end in ends)
    zero, low, value, high = (min(max(end, 0.0), 1.0) for end in known)
    left, right = (area.left() + end * area.width() for end in sorted((zero, value)))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(left, area.top(), right - left, 6), 3, 3)
    if high > low:
        painter.setPen(QPen(theme.colour("text"), 1.5))
        middle = round(area.center().y())
        left, right = (round(area.left() + end * area.width()) for end in (low, high))
        painter.drawLine(left, middle, right, middle)
