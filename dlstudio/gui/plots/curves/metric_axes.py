"""The value axes on the right of the chart: one for each scale of metrics, such as per cent or R².

Metrics of different ranges on one axis would leave all but the largest flat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from dlstudio.gui.plots.curves.axes import ValueAxis
from dlstudio.gui.plots.curves.axis_range import Range, StableRange
from dlstudio.gui.plots.curves.curve_style import axis_title
from dlstudio.training.metrics.metric_names import SHARE, is_percentage

_AXIS_WIDTH = 58
_MIN_PLOT_WIDTH = 170
"""Axes that would leave less for the curves are not shown; their curves are, and the legend shows
their values. In pixels."""
_FIRST_COLUMN = 2
"""Column of the right axis in the layout of pyqtgraph's plots."""


class MetricAxis:
    """One axis with its own view of the plot."""

    def __init__(self, plot: Any, axis: ValueAxis) -> None:
        self.axis = axis
        self.range = StableRange()
        self.box = pg.ViewBox(enableMenu=False)
        plot.scene().addItem(self.box)
        axis.linkToView(self.box)
        axis.setGrid(False)
        axis.setWidth(_AXIS_WIDTH)
        axis.hide()
        self.box.setXLink(plot.vb)
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()

    def show_title(self, names: Sequence[str], colour: str) -> None:
        """Show what the axis measures, in the colour of its curve or of all axes."""
        self.axis.percent = all(is_percentage(name) for name in names)
        title = axis_title(names)
        if title != self.axis.labelText or colour != self.axis.labelStyle.get("color"):
            self.axis.setLabel(title, **{**self.axis.labelStyle, "color": colour})

    def next_range(self) -> Range | None:
        """Return the range to show."""
        return self.range.next_range(percent=self.axis.percent)


class MetricAxes:
    """Assigns an axis to each scale; further axes are created when they are first needed."""

    def __init__(self, plot: Any, first: ValueAxis, axes: dict[str, ValueAxis]) -> None:
        """Use `first` for the first scale; further axes are added to the styled `axes` too."""
        self._plot = plot
        self._styled = axes
        self._all = [MetricAxis(plot, first)]
        self._scales: tuple[str, ...] = ()

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that have an axis, from left to right."""
        return self._scales

    def assign(self, scales: Sequence[str]) -> bool:
        """Give each scale an axis; True if curves must move to other axes."""
        ordered = tuple(sorted(set(scales), key=lambda scale: (scale != SHARE, scale)))
        if ordered == self._scales:
            return False
        self._scales = ordered
        while len(self._all) < len(ordered):
            self._all.append(self._create())
        for axis in self._all:
            axis.range.reset()
        return True

    def of(self, scale: str) -> MetricAxis:
        """Return the axis of a scale."""
        return self._all[self._scales.index(scale)]

    def show(
        self, names: Mapping[str, Sequence[str]], colours: Mapping[str, str], plain: str, width: int
    ) -> bool:
        """Show the axes of the drawn curves that fit; True if there are any.

        Args:
            names: The drawn curves of each scale.
            colours: Colours of the curves.
            plain: Colour of the title of an axis for several curves, or of a single axis.
            width: Width of the chart in pixels.
        """
        visible = [scale for scale in self._scales if names.get(scale)]
        fitting = max((width - _MIN_PLOT_WIDTH) // _AXIS_WIDTH - 1, 1)
        shown = visible[:fitting]
        for axis in self._all[len(self._scales) :]:
            axis.axis.hide()
        for scale in self._scales:
            axis = self.of(scale)
            axis.axis.setVisible(scale in shown)
            if scale in shown:
                is_alone = len(names[scale]) == 1 and len(shown) > 1
                colour = colours[names[scale][0]] if is_alone else plain
                axis.show_title(names[scale], colour)
        return bool(shown)

    def align(self, area: QRectF) -> None:
        """Place the views of all axes over the plot."""
        for axis in self._all:
            axis.box.setGeometry(area)
            axis.box.linkedViewChanged(self._plot.vb, axis.box.XAxis)

    def _create(self) -> MetricAxis:
        axis, column = ValueAxis("right"), _FIRST_COLUMN + len(self._all)
        axis.setStyle(tickLength=0)
        self._plot.layout.addItem(axis, 2, column)
        self._styled[f"right {column}"] = axis
        return MetricAxis(self._plot, axis)
