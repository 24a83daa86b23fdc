"""The loss against the learning rate, with a marker that chooses a rate."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent

from dlstudio.gui.plots.curves.axes import OVERHANG, ValueAxis
from dlstudio.gui.plots.curves.curve_style import with_alpha
from dlstudio.gui.plots.curves.plot import Plot
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.number_format import format_float
from dlstudio.training.rate_range.range_test import RateCurve, RateSweep, rounded_rate

_PADDING = 0.08
"""Space above and below the smoothed curve, as a share of its height."""
_X_PADDING = 0.02
_KEY_STEP = 0.05
"""Decades that an arrow key moves the marker."""
_RAW_ALPHA = 0.35


class _RateAxis(ValueAxis):
    """A logarithmic axis with a label at each power of ten."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setStyle(hideOverlappingLabels=OVERHANG)
        self.logarithmic = True

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        powers = range(math.ceil(low), math.floor(high) + 1)
        return [(1.0, [float(power) for power in powers])]


class RateChart(Plot):
    """Draws one test; the marker is dragged, or moved with the arrow keys.

    Signals:
        rate_chosen: The rate at the marker.
    """

    rate_chosen = Signal(float)

    def __init__(self) -> None:
        axes = {"bottom": _RateAxis(), "left": ValueAxis("left")}
        super().__init__(axes)
        axes["bottom"].setLabel("learning rate")
        axes["left"].setLabel("training loss")
        for axis in axes.values():
            axis.setStyle(tickLength=0)
        plot = self.getPlotItem()
        plot.setMouseEnabled(x=False, y=False)
        plot.vb.disableAutoRange()
        self._curve: RateCurve | None = None
        self._raw = plot.plot()
        self._smoothed = plot.plot()
        self._suggestion = pg.InfiniteLine(angle=90, movable=False)
        self._marker = pg.InfiniteLine(angle=90, movable=True)
        self._marker.sigPositionChanged.connect(self._report_rate)
        for line in (self._suggestion, self._marker):
            plot.addItem(line, ignoreBounds=True)
        self.setMinimumSize(QSize(320, 220))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Training loss against learning rate")
        self.setToolTip("Drag the line, or move it with the arrow keys, to choose another rate")
        self.apply_theme()

    @property
    def rate(self) -> float:
        """The rate at the marker, in two digits."""
        return rounded_rate(10.0 ** float(self._marker.value()))

    def show_sweep(self, sweep: RateSweep) -> None:
        """Show empty axes over the rates of a test that begins."""
        self._curve = None
        self.setXRange(math.log10(sweep.lowest), math.log10(sweep.highest), padding=_X_PADDING)
        self.getPlotItem().getAxis("left").setStyle(showValues=False)
        for item in (self._raw, self._smoothed):
            item.setData([], [])
        self._suggestion.hide()
        self._marker.hide()

    def show_curve(self, curve: RateCurve, suggested: float | None) -> None:
        """Draw a test; the marker starts at the suggestion, else in the middle."""
        self._curve = curve
        if not curve.rates:
            return
        positions = [math.log10(rate) for rate in curve.rates]
        low, high = positions[0], max(positions[-1], positions[0] + 1)
        self.getPlotItem().getAxis("left").setStyle(showValues=True)
        self._raw.setData(positions, list(curve.losses))
        self._smoothed.setData(positions, list(curve.smoothed))
        bottom, top = min(curve.smoothed), max(curve.smoothed)
        space = _PADDING * (top - bottom or abs(top) or 1.0)
        self.setXRange(low, high, padding=_X_PADDING)
        self.setYRange(bottom - space, top + space, padding=0)
        self._marker.setBounds((low, high))
        self._suggestion.setVisible(suggested is not None)
        if suggested is not None:
            self._suggestion.setValue(math.log10(suggested))
        start = (low + high) / 2 if suggested is None else math.log10(suggested)
        self._marker.setValue(start)
        self._marker.show()
        self._report_rate()

    def apply_theme(self) -> None:
        super().apply_theme()
        theme = current_theme()
        colour = theme.curves[0]
        self._raw.setPen(pg.mkPen(with_alpha(colour, _RAW_ALPHA), width=1))
        self._smoothed.setPen(pg.mkPen(colour, width=2))
        self._suggestion.setPen(pg.mkPen(theme.good, width=1, style=Qt.PenStyle.DashLine))
        self._marker.setPen(pg.mkPen(theme.accent, width=2))
        self._marker.setHoverPen(pg.mkPen(theme.accent, width=4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the marker with the left and right arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is None or self._curve is None:
            super().keyPressEvent(event)
            return
        self._marker.setValue(float(self._marker.value()) + steps * _KEY_STEP)

    def _report_rate(self) -> None:
        self.setAccessibleDescription(f"Chosen rate {format_float(self.rate)}")
        self.rate_chosen.emit(self.rate)
