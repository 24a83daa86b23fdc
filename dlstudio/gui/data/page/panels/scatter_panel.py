"""Two columns against each other; each axis has its own scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import panel_frame
from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.class_markers import class_colour, draw_marker
from dlstudio.gui.widgets.menu_button import MenuButton

Floats = npt.NDArray[np.float32]
_TICKS = 4
_MAX_LEGEND = 4
_MAX_MENU = 60


class ScatterPanel(QFrame):
    """Shows the training rows in the plane of two numeric columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._names = ["", ""]
        self._columns: Mapping[str, Floats] = {}
        self._buttons = [
            MenuButton(axis, partial(self._fill, index), f"Column of the {axis} axis")
            for index, axis in enumerate("xy")
        ]
        layout = panel_frame(self, "Two columns", *self._buttons)
        self.plot = ScatterDrawing()
        layout.addWidget(self.plot, 1)

    def show_contents(self, contents: PageContents) -> None:
        """Show data that was read, with the axes chosen before if they still exist."""
        self._columns = contents.plane
        names = list(contents.plane)
        widest = sorted(names, key=lambda name: -_relative_spread(contents.plane[name]))[:2]
        proposals = sorted(widest, key=names.index)
        for axis in (0, 1):
            if self._names[axis] not in self._columns:
                self._names[axis] = proposals[axis] if axis < len(proposals) else ""
        self.plot.set_classes(contents.labels, contents.info.class_names)
        self._show_axes()

    def set_axis(self, axis: int, name: str) -> None:
        """Show another column on the x axis (0) or the y axis (1)."""
        self._names[axis] = name
        self._show_axes()

    def _show_axes(self) -> None:
        for axis, name in enumerate(self._names):
            self._buttons[axis].show_value(name)
            self._buttons[axis].setEnabled(bool(name))
        if all(name in self._columns for name in self._names):
            self.plot.set_points(*(self._columns[name] for name in self._names))
        else:
            self.plot.set_points(np.empty(0, np.float32), np.empty(0, np.float32))

    def _fill(self, axis: int, menu: QMenu) -> None:
        for name in list(self._columns)[:_MAX_MENU]:
            action = menu.addAction(name)
            action.triggered.connect(lambda _checked=False, at=name: self.set_axis(axis, at))


def _relative_spread(values: Floats) -> float:
    """Return the number of different values, at most 200: continuous columns show more."""
    return float(min(len(np.unique(values[:500])), 200))


class ScatterDrawing(QWidget):
    """Points with ticks on both axes."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(120)
        self._x: Floats = np.empty(0, np.float32)
        self._y: Floats = np.empty(0, np.float32)
        self._labels: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._classes: Sequence[str] = ()

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
        area = QRectF(48, 6, self.width() - 58, self.height() - 28 - (20 if has_legend else 0))
        x_range, y_range = nice_range(self._x), nice_range(self._y)
        self._draw_axes(painter, area, x_range, y_range)
        labels = self._labels[self._finite] if len(self._labels) == len(self._finite) else None
        radius = 3.2 if len(self._x) < 600 else 2.4
        xs = area.left() + (self._x - x_range[0]) / (x_range[-1] - x_range[0]) * area.width()
        ys = area.bottom() - (self._y - y_range[0]) / (y_range[-1] - y_range[0]) * area.height()
        for index, (x, y) in enumerate(zip(xs.tolist(), ys.tolist(), strict=True)):
            label = 0 if labels is None else int(labels[index])
            colour = current_theme().colour("accent") if labels is None else class_colour(label)
            draw_marker(painter, QPointF(x, y), radius, label, colour)
        if has_legend:
            self._draw_legend(painter, area.bottom() + 32)
        painter.end()

    def _draw_axes(
        self, painter: QPainter, area: QRectF, xs: Sequence[float], ys: Sequence[float]
    ) -> None:
        theme = current_theme()
        painter.setFont(mono_font(max(font_size() - 2, 11)))
        for value in ys:
            y = area.bottom() - (value - ys[0]) / (ys[-1] - ys[0]) * area.height()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("muted"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 9, area.left() - 7, 18), right, _tick_text(value))
        painter.setPen(theme.colour("muted"))
        for value in xs:
            x = area.left() + (value - xs[0]) / (xs[-1] - xs[0]) * area.width()
            box = QRectF(x - 40, area.bottom() + 4, 80, 18)
            box.moveRight(min(box.right(), self.width() + 22.0))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, _tick_text(value))

    def _draw_legend(self, painter: QPainter, y: float) -> None:
        painter.setFont(text_font(max(font_size() - 1, 11)))
        left = 48.0
        room = (self.width() - left) / len(self._classes) - 26
        for index, name in enumerate(self._classes):
            draw_marker(painter, QPointF(left + 5, y), 4, index, class_colour(index))
            painter.setPen(current_theme().colour("text"))
            text = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(min(room, 110))
            )
            painter.drawText(QPointF(left + 14, y + 4), text)
            left += 26 + painter.fontMetrics().horizontalAdvance(text)


def nice_range(values: Floats) -> list[float]:
    """Return round values, equally spaced, that enclose all values."""
    low, high = float(values.min()), float(values.max())
    span = high - low or abs(high) or 1.0
    raw = span / _TICKS
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    first = float(np.floor(low / step) * step)
    count = int(np.ceil((high - first) / step)) or 1
    return [first + step * index for index in range(count + 1)]


def _tick_text(value: float) -> str:
    return f"{value:.5g}".replace("-", "−")
