"""The plot: curves of several runs over steps or epochs, value axes, markers, a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPen

from dlstudio.gui.plots.curves.axes import OVERHANG, StepAxis, ValueAxis
from dlstudio.gui.plots.curves.axis_range import Range, StableRange, axis_end
from dlstudio.gui.plots.curves.change_lines import ChangeLines
from dlstudio.gui.plots.curves.curve_style import (
    DASHES,
    on_right_axis,
    palette,
    series_names_in,
    with_alpha,
)
from dlstudio.gui.plots.curves.metric_axes import MetricAxes
from dlstudio.gui.plots.curves.plot import Plot
from dlstudio.gui.runs.run_history import PER_STEP, STEP_LOSS, RunHistory
from dlstudio.gui.runs.series import Floats, Series
from dlstudio.gui.style.theme import current_theme
from dlstudio.training.metrics.metric_names import metric_scale

_MIN_LOG_VALUE = 1e-8
"""Smaller values are raised to this on a logarithmic scale."""
_POINT_SIZE, _SINGLE_POINT_SIZE = 5, 9
"""Point sizes in pixels; a single point is larger, as no line makes it visible."""
_AXIS_HEIGHT, _COMPACT_AXIS_HEIGHT = 26, 18
"""Heights of the step axis in pixels."""

_LEFT_TITLES = {"metrics": "loss", "rate": "learning rate", "throughput": "samples/s"}
"""Title of the left axis by view."""


@dataclass
class ChartSettings:
    """The view, axis units, smoothing, and hidden curves."""

    view: str = "metrics"
    by_epoch: bool = True
    logarithmic: bool = False
    smoothing: float = 0.6
    hidden: set[str] = field(default_factory=set)


class Chart(Plot):
    """Draws run histories; `show_histories` is called on a timer by the panel."""

    cursor_moved = Signal(object)
    """The position under the pointer in the axis's unit, or None."""
    zoomed = Signal()
    """The visible range changed, so other points must be drawn."""

    def __init__(self) -> None:
        self._step_axis = StepAxis()
        self._left_axis, right_axis = ValueAxis("left"), ValueAxis("right")
        axes = {"bottom": self._step_axis, "left": self._left_axis, "right": right_axis}
        super().__init__(axes)
        for axis in axes.values():
            axis.setStyle(tickLength=0)
        self.settings = ChartSettings()
        self._curves: dict[tuple[int, str, str], Any] = {}
        self._follows_run = True
        self._left_range = StableRange()
        self._axis_end = 0.0
        self._palette: dict[str, str] = {}
        plot = self.getPlotItem()
        self._change_lines = ChangeLines(plot)
        self.metric_axes = MetricAxes(plot, right_axis, axes)
        plot.vb.disableAutoRange()
        plot.vb.sigRangeChangedManually.connect(self._stop_following)
        plot.vb.sigResized.connect(self._align_metric_axes)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        plot.addItem(self._cursor, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._move_cursor)
        self.set_compact(False)
        self.apply_theme()

    def apply_theme(self) -> None:
        super().apply_theme()
        self._cursor.setPen(pg.mkPen(current_theme().muted, width=1))
        self._remove_curves()

    def set_compact(self, on: bool) -> None:
        """Use the lower or the normal height of the step axis."""
        self._step_axis.setHeight(_COMPACT_AXIS_HEIGHT if on else _AXIS_HEIGHT)

    def show_histories(self, histories: Sequence[RunHistory]) -> None:
        """Draw the current run (the first history) and the earlier runs."""
        settings = self.settings
        self._step_axis.by_epoch = settings.by_epoch
        self._left_axis.logarithmic = settings.logarithmic
        self._left_range.begin_redraw()
        self._update_colours(histories)
        shown = [
            (rank, history, name)
            for rank, history in enumerate(histories)
            for name in series_names_in(settings.view, history.series)
            if name not in settings.hidden
        ]
        if self.metric_axes.assign([scale for *_, name in shown if (scale := self._scale(name))]):
            self.apply_theme()
        for scale in self.metric_axes.scales:
            self.metric_axes.of(scale).range.begin_redraw()
        used: set[tuple[int, str, str]] = set()
        for rank, history, name in shown:
            used |= self._draw_series(rank, history, name)
        for key in self._curves.keys() - used:
            self._remove_curve(key)
        self._show_axes(used)
        self._change_lines.show(
            [
                (self._to_axis_unit(history, mark.step), mark.text)
                for history in histories[:1]
                for mark in history.markers
            ],
            [
                self._to_axis_unit(history, step)
                for history in histories[:1]
                for step in history.spans
            ],
            [
                (
                    self._to_axis_unit(history, history.epoch_axis.step_at(history.kept_epoch)),
                    f"kept: epoch {history.kept_epoch}",
                )
                for history in histories[:1]
                if history.kept_epoch
            ],
        )
        self._update_ranges(histories)

    def zoom_to_fit(self) -> None:
        """Show the whole run, and follow it as it grows."""
        self._follows_run = True
        self._left_range.reset()
        for scale in self.metric_axes.scales:
            self.metric_axes.of(scale).range.reset()

    def zoom_to(self, low: float, high: float) -> None:
        """Show a range of the axis, as zooming with the wheel does."""
        self._follows_run = False
        self.getPlotItem().vb.setXRange(low, high, padding=0)

    def leaveEvent(self, event: Any) -> None:
        """Hide the cursor line."""
        super().leaveEvent(event)
        self._cursor.hide()
        self.cursor_moved.emit(None)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Zoom to fit."""
        super().mouseDoubleClickEvent(event)
        self.zoom_to_fit()
        self.zoomed.emit()

    def _to_axis_unit(self, history: RunHistory, step: float) -> float:
        return float(_positions(history, np.asarray(step, np.float64), self.settings))

    def _draw_series(self, rank: int, history: RunHistory, name: str) -> set[tuple[int, str, str]]:
        series, axis = history.series[name], history.epoch_axis
        low, high = self._visible_range()
        if self.settings.by_epoch:
            low, high = axis.step_at(low), axis.step_at(high)
        columns = max(self.width(), 100)
        if name not in PER_STEP:
            return {
                self._draw_line(
                    rank,
                    name,
                    "",
                    _positions(history, series.x, self.settings),
                    series.y.astype(np.float64),
                )
            }
        window = _smoothing_window(series, self.settings)
        x, y = series.peaks(low, high, columns)
        keys = set()
        if name != STEP_LOSS or window <= 1:
            return {self._draw_line(rank, name, "", _positions(history, x, self.settings), y)}
        if rank == 0:
            keys.add(self._draw_line(rank, name, "raw", _positions(history, x, self.settings), y))
        x, y = series.means(low, high, columns, window)
        keys.add(self._draw_line(rank, name, "", _positions(history, x, self.settings), y))
        return keys

    def _visible_range(self) -> tuple[float, float]:
        if self._follows_run:
            return -np.inf, np.inf
        low, high = self.getPlotItem().vb.viewRange()[0]
        return low, high

    def _stop_following(self) -> None:
        """Keep the range the user has chosen."""
        self._follows_run = False
        self.zoomed.emit()

    def _draw_line(
        self, rank: int, name: str, variant: str, x: Floats, y: Floats
    ) -> tuple[int, str, str]:
        dots = name not in PER_STEP or (len(x) == 1 and variant != "raw")
        key = (rank, name, variant or ("dots" if dots else ""))
        scale = self._scale(name)
        axis = self.metric_axes.of(scale) if scale else None
        if key not in self._curves:
            curve = _create_curve(self._palette[name], rank, variant, dots=dots)
            if variant == "raw":
                curve.setZValue(-1)
            self._curves[key] = curve
            (axis.box if axis else self.getPlotItem()).addItem(curve)
        if self.settings.logarithmic and axis is None:
            y = np.log10(np.maximum(y, _MIN_LOG_VALUE))
        (axis.range if axis else self._left_range).include(y)
        self._curves[key].setData(x, y)
        if dots:
            self._curves[key].setSymbolSize(_SINGLE_POINT_SIZE if len(x) == 1 else _POINT_SIZE)
        return key

    def _scale(self, name: str) -> str:
        """Return the scale of a curve that has a right axis; empty for the left one."""
        is_right = self.settings.view == "metrics" and on_right_axis(name)
        return metric_scale(name) if is_right else ""

    def _update_colours(self, histories: Sequence[RunHistory]) -> None:
        view = self.settings.view
        colours = palette(
            name for history in histories for name in series_names_in(view, history.series)
        )
        if colours != self._palette:
            self._palette = colours
            self._remove_curves()

    def _remove_curve(self, key: tuple[int, str, str]) -> None:
        curve = self._curves.pop(key)
        view = curve.getViewBox()
        if view is not None:
            view.removeItem(curve)

    def _remove_curves(self) -> None:
        for key in list(self._curves):
            self._remove_curve(key)

    def _show_axes(self, used: set[tuple[int, str, str]]) -> None:
        names = sorted({name for _, name, _ in used}, key=list(self._palette).index)
        by_scale = {
            scale: [name for name in names if self._scale(name) == scale]
            for scale in self.metric_axes.scales
        }
        has_right = self.metric_axes.show(
            by_scale, self._palette, current_theme().muted, self.width()
        )
        self.getPlotItem().layout.setContentsMargins(1, 1, 1 if has_right else OVERHANG, 1)
        title = _LEFT_TITLES[self.settings.view]
        if self._left_axis.labelText != title:
            self._left_axis.setLabel(title)

    def _update_ranges(self, histories: Sequence[RunHistory]) -> None:
        vb = self.getPlotItem().vb
        reached = max([0.0, *(self._to_axis_unit(history, history.step) for history in histories)])
        planned = max(
            [0.0, *(self._to_axis_unit(history, history.total_steps) for history in histories[:1])]
        )
        end = axis_end(reached, planned)
        if end != self._axis_end:
            self._axis_end = self._step_axis.end = end
            self._step_axis.picture = None
            vb.setLimits(xMin=-0.02 * end, xMax=1.06 * max(end, planned))
        lowest = None if self.settings.logarithmic else self._left_range.lower_limit
        vb.setLimits(yMin=lowest)
        if not self._follows_run:
            return
        left = self._left_range.next_range(from_zero=not self.settings.logarithmic)
        _set_ranges(vb, xRange=(-0.01 * end, 1.01 * end), yRange=left)
        for scale in self.metric_axes.scales:
            axis = self.metric_axes.of(scale)
            _set_ranges(axis.box, yRange=axis.next_range())

    def _align_metric_axes(self) -> None:
        self.metric_axes.align(self.getPlotItem().vb.sceneBoundingRect())

    def _move_cursor(self, position: QPointF) -> None:
        vb = self.getPlotItem().vb
        area: QRectF = vb.sceneBoundingRect()
        if not area.contains(position) or not self._curves:
            self._cursor.hide()
            self.cursor_moved.emit(None)
            return
        axis_position = float(vb.mapSceneToView(position).x())
        self._cursor.setValue(axis_position)
        self._cursor.show()
        self.cursor_moved.emit(axis_position)


def _set_ranges(box: Any, **ranges: Range | None) -> None:
    """Set only ranges that differ; setting an equal one would lay out the axes again."""
    existing = dict(zip(("xRange", "yRange"), map(tuple, box.viewRange()), strict=True))
    changes = {name: limits for name, limits in ranges.items() if limits is not None}
    if any(existing[name] != limits for name, limits in changes.items()):
        box.setRange(**changes, padding=0, disableAutoRange=False)


def _create_curve(colour: str, rank: int, variant: str, *, dots: bool) -> Any:
    pen = _create_pen(colour, rank, variant)
    if not dots:
        return pg.PlotCurveItem(connect="finite", antialias=variant != "raw", pen=pen)
    return pg.PlotDataItem(
        connect="finite",
        antialias=True,
        pen=pen,
        symbol="o",
        symbolSize=_POINT_SIZE,
        symbolBrush=colour,
        symbolPen=None,
    )


def _create_pen(colour: str, rank: int, variant: str) -> QPen:
    if variant == "raw":
        faint: QPen = pg.mkPen(with_alpha(colour, 0.35), width=1)
        return faint
    pen: QPen = pg.mkPen(
        with_alpha(colour, 1.0 if rank == 0 else 0.75),
        width=2 if rank == 0 else 1.5,
        style=DASHES[min(rank, len(DASHES) - 1)],
    )
    return pen


def _positions(history: RunHistory, steps: Floats, settings: ChartSettings) -> Floats:
    """Return steps in the unit of the axis."""
    by_epoch = settings.by_epoch and history.steps_per_epoch
    return history.epoch_axis.epochs_at(steps) if by_epoch else steps


def _smoothing_window(series: Series, settings: ChartSettings) -> int:
    """Return the number of steps averaged by smoothing: up to a fifth of the run."""
    share = settings.smoothing**3 * 0.2
    return max(1, min(round(share * len(series)), len(series)))
