"""The plot itself: two axes over steps or epochs, curves of several runs, marks, a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPen

from dlstudio.gui.plots.axes import OVERHANG, StepAxis, ValueAxis
from dlstudio.gui.plots.history import PER_STEP, STEP_LOSS, History
from dlstudio.gui.plots.looks import DASHES, axis_title, brief, faded, is_right, names_in, palette
from dlstudio.gui.plots.ranges import Range, Scale, end_of_axis
from dlstudio.gui.plots.series import Floats, Series
from dlstudio.gui.theme import current, text_font
from dlstudio.training.figure_names import is_share

_LEAST = 1e-8
"""Values are lifted to it on a logarithmic scale."""
_POINT, _LONE_POINT = 5, 9
"""Sizes of an epoch's point; the first one, or a single step, has no line yet to be seen by."""
_AXIS, _LOW_AXIS = 26, 18
"""Heights of the axis of steps."""

_LEFT = {"figures": "loss", "rate": "learning rate", "throughput": "samples/s"}
"""What the left axis measures, by view."""


@dataclass
class ChartSettings:
    """What is shown and how."""

    view: str = "figures"
    by_epoch: bool = True
    logarithmic: bool = False
    smoothing: float = 0.6
    hidden: set[str] = field(default_factory=set)


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """Draws histories; redrawn from outside, never by itself."""

    cursor_moved = Signal(object)
    """The step under the pointer, or None."""
    zoomed = Signal()
    """Another part is on show, which wants other points."""

    def __init__(self) -> None:
        """Build an empty plot."""
        self._steps = StepAxis()
        self._left, self._right = ValueAxis("left"), ValueAxis("right")
        axes = {"bottom": self._steps, "left": self._left, "right": self._right}
        super().__init__(axisItems=axes)
        self.settings = ChartSettings()
        self._curves: dict[tuple[int, str, str], Any] = {}
        self._marks: list[Any] = []
        self._follows = True
        self._scales = {False: Scale(), True: Scale()}
        """Of the left and the right axis."""
        self._end = 0.0
        self._palette: dict[str, str] = {}
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())
        plot.showGrid(x=False, y=True, alpha=0.35)
        self._right.setGrid(False)
        self._second = pg.ViewBox(enableMenu=False)
        plot.scene().addItem(self._second)
        self._right.linkToView(self._second)
        self._second.setXLink(plot.vb)
        self._second.setMouseEnabled(x=False, y=False)
        plot.vb.disableAutoRange()
        self._second.disableAutoRange()
        plot.vb.sigRangeChangedManually.connect(self._stand_still)
        plot.vb.sigResized.connect(self._lay_over)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        plot.addItem(self._cursor, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._move_cursor)
        self.set_low(False)
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours."""
        theme = current()
        self.setBackground(theme.panel)
        for axis in (self._steps, self._left, self._right):
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(text_font(11))
            axis.setStyle(tickLength=0)
            axis.labelStyle = {"color": theme.muted, "font-size": "11px"}
        self._cursor.setPen(pg.mkPen(theme.muted, width=1))
        self._forget()

    def set_low(self, on: bool) -> None:
        """Leave less room for the figures of the steps, or the usual one."""
        self._steps.setHeight(_LOW_AXIS if on else _AXIS)

    def show_histories(self, histories: Sequence[History]) -> None:
        """Draw the present run (the first) and those laid over it."""
        settings = self.settings
        self._steps.by_epoch = settings.by_epoch
        self._left.logarithmic = settings.logarithmic
        for scale in self._scales.values():
            scale.begin()
        self._take_colours(histories)
        used: set[tuple[int, str, str]] = set()
        for rank, history in enumerate(histories):
            for name in names_in(settings.view, history.series):
                if name not in settings.hidden:
                    used |= self._draw(rank, history, name)
        for key in self._curves.keys() - used:
            self._drop(key)
        self._show_right(used)
        self._show_marks(histories)
        self._set_ranges(histories)

    def zoom_whole(self) -> None:
        """Show everything again, now and as the run goes on."""
        self._follows = True
        for scale in self._scales.values():
            scale.forget()

    def zoom_to(self, low: float, high: float) -> None:
        """Show what lies between two places, as a hand on the wheel does."""
        self._follows = False
        self.getPlotItem().vb.setXRange(low, high, padding=0)

    def leaveEvent(self, event: Any) -> None:
        """Take the cursor away."""
        super().leaveEvent(event)
        self._cursor.hide()
        self.cursor_moved.emit(None)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Show everything again."""
        super().mouseDoubleClickEvent(event)
        self.zoom_whole()
        self.zoomed.emit()

    def _across(self, history: History, step: float) -> float:
        per_epoch = history.steps_per_epoch
        return step / per_epoch if self.settings.by_epoch and per_epoch else step

    def _draw(self, rank: int, history: History, name: str) -> set[tuple[int, str, str]]:
        series = history.series[name]
        unit = history.steps_per_epoch if self.settings.by_epoch else 0
        unit = unit or 1
        low, high = (edge * unit for edge in self._visible())
        columns = max(self.width(), 100)
        if name not in PER_STEP:
            return {self._line(rank, name, "", series.x / unit, series.y.astype(np.float64))}
        window = self._window(series)
        x, y = series.peaks(low, high, columns)
        keys = set()
        if name != STEP_LOSS or window <= 1:
            return {self._line(rank, name, "", x / unit, y)}
        if rank == 0:
            keys.add(self._line(rank, name, "raw", x / unit, y))
        x, y = series.means(low, high, columns, window)
        keys.add(self._line(rank, name, "", x / unit, y))
        return keys

    def _window(self, series: Series) -> int:
        """Return the number of steps that smoothing takes together: up to a fifth of the run."""
        share = self.settings.smoothing**3 * 0.2
        return max(1, min(round(share * len(series)), len(series)))

    def _visible(self) -> tuple[float, float]:
        if self._follows:
            return -np.inf, np.inf
        low, high = self.getPlotItem().vb.viewRange()[0]
        return low, high

    def _stand_still(self) -> None:
        """Keep to what a hand has chosen."""
        self._follows = False
        self.zoomed.emit()

    def _line(self, rank: int, name: str, part: str, x: Floats, y: Floats) -> tuple[int, str, str]:
        dots = name not in PER_STEP or (len(x) == 1 and part != "raw")
        key = (rank, name, part or ("dots" if dots else ""))
        if key not in self._curves:
            curve = _curve(self._palette[name], rank, part, dots=dots)
            if part == "raw":
                curve.setZValue(-1)
            self._curves[key] = curve
            (self._second if self._is_right(name) else self.getPlotItem()).addItem(curve)
        right = self._is_right(name)
        if self.settings.logarithmic and not right:
            y = np.log10(np.maximum(y, _LEAST))
        self._scales[right].reckon(y)
        self._curves[key].setData(x, y)
        if dots:
            self._curves[key].setSymbolSize(_LONE_POINT if len(x) == 1 else _POINT)
        return key

    def _is_right(self, name: str) -> bool:
        return self.settings.view == "figures" and is_right(name)

    def _take_colours(self, histories: Sequence[History]) -> None:
        view = self.settings.view
        colours = palette(name for history in histories for name in names_in(view, history.series))
        if colours != self._palette:
            self._palette = colours
            self._forget()

    def _drop(self, key: tuple[int, str, str]) -> None:
        curve = self._curves.pop(key)
        view = curve.getViewBox()
        if view is not None:
            view.removeItem(curve)

    def _forget(self) -> None:
        for key in list(self._curves):
            self._drop(key)

    def _show_right(self, used: set[tuple[int, str, str]]) -> None:
        right = [name for _, name, _ in used if self._is_right(name)]
        self._right.setVisible(bool(right))
        self._right.setWidth(58 if right else OVERHANG)
        self._right.percent = bool(right) and all(is_share(name) for name in right)
        self._label(self._left, _LEFT[self.settings.view])
        self._label(self._right, "accuracy" if self._right.percent else axis_title(right))

    def _label(self, axis: ValueAxis, text: str) -> None:
        if axis.labelText != text:
            axis.setLabel(text)

    def _show_marks(self, histories: Sequence[History]) -> None:
        markers = [
            (self._across(history, mark.step), brief(mark.text))
            for history in histories[:1]
            for mark in history.marks
        ]
        existing = [(line.value(), line.label.format) for line in self._marks]
        if markers == existing:
            return
        plot = self.getPlotItem()
        for line in self._marks:
            plot.removeItem(line)
        self._marks = [_mark(position, text, rank) for rank, (position, text) in enumerate(markers)]
        for line in self._marks:
            plot.addItem(line, ignoreBounds=True)

    def _set_ranges(self, histories: Sequence[History]) -> None:
        vb = self.getPlotItem().vb
        reached = max([0.0, *(self._across(history, history.step) for history in histories)])
        planned = max(
            [0.0, *(self._across(history, history.total_steps) for history in histories[:1])]
        )
        end = end_of_axis(reached, planned)
        if end != self._end:
            self._end = self._steps.end = end
            self._steps.picture = None
            vb.setLimits(xMin=-0.02 * end, xMax=1.06 * max(end, planned))
        if not self._follows:
            return
        left = self._scales[False].range(from_zero=not self.settings.logarithmic)
        _set_ranges(vb, xRange=(-0.01 * end, 1.01 * end), yRange=left)
        right = self._scales[True].range(percent=self._right.percent)
        _set_ranges(self._second, yRange=right)

    def _lay_over(self) -> None:
        self._second.setGeometry(self.getPlotItem().vb.sceneBoundingRect())
        self._second.linkedViewChanged(self.getPlotItem().vb, self._second.XAxis)

    def _move_cursor(self, place: QPointF) -> None:
        vb = self.getPlotItem().vb
        area: QRectF = vb.sceneBoundingRect()
        if not area.contains(place) or not self._curves:
            self._cursor.hide()
            self.cursor_moved.emit(None)
            return
        across = float(vb.mapSceneToView(place).x())
        self._cursor.setValue(across)
        self._cursor.show()
        self.cursor_moved.emit(across)


def _mark(place: float, text: str, rank: int) -> Any:
    """Return a line across the curves for a change."""
    theme = current()
    line = pg.InfiniteLine(
        place,
        angle=90,
        pen=pg.mkPen(theme.accent, width=1, style=Qt.PenStyle.DashLine),
        label=text,
        labelOpts={
            "position": 0.94 - 0.11 * (rank % 4),
            "color": theme.accent_text,
            "anchors": [(0, 0.5), (1, 0.5)],
            "fill": faded(theme.panel, 0.7),
        },
    )
    line.label.setFont(text_font(11))
    return line


def _set_ranges(box: Any, **ranges: Range | None) -> None:
    """Set what differs; setting a range as it is would lay the axes out anew."""
    existing = dict(zip(("xRange", "yRange"), map(tuple, box.viewRange()), strict=True))
    changes = {name: limits for name, limits in ranges.items() if limits is not None}
    if any(existing[name] != limits for name, limits in changes.items()):
        box.setRange(**changes, padding=0, disableAutoRange=False)


def _curve(colour: str, rank: int, part: str, *, dots: bool) -> Any:
    pen = _pen(colour, rank, part)
    if not dots:
        return pg.PlotCurveItem(connect="finite", antialias=part != "raw", pen=pen)
    return pg.PlotDataItem(
        connect="finite",
        antialias=True,
        pen=pen,
        symbol="o",
        symbolSize=_POINT,
        symbolBrush=colour,
        symbolPen=None,
    )


def _pen(colour: str, rank: int, part: str) -> QPen:
    if part == "raw":
        faint: QPen = pg.mkPen(faded(colour, 0.35), width=1)
        return faint
    pen: QPen = pg.mkPen(
        faded(colour, 1.0 if rank == 0 else 0.75),
        width=2 if rank == 0 else 1.5,
        style=DASHES[min(rank, len(DASHES) - 1)],
    )
    return pen
