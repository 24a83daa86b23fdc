"""Draws curves over a common axis, with a legend."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QSize

from dlstudio.gui.plots.curves.axes import ValueAxis
from dlstudio.gui.plots.curves.curve_style import with_alpha
from dlstudio.gui.plots.curves.plot import Plot
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.insight.common.array_types import Floats
from dlstudio.insight.views.values import Curves

_MIN_LOG_VALUE = 1e-12
_MAX_VALUE = 1e300
"""A range with a margin around larger values could not be computed."""
_LEGEND_OPACITY = 0.85
"""Opacity of the ground of the legend, so that curves below it do not cross its text."""


class LinesDrawing(Plot):
    """A line plot in the curve colours of the theme."""

    def __init__(self) -> None:
        self._bottom_axis, self._left_axis = ValueAxis("bottom"), ValueAxis("left")
        super().__init__({"bottom": self._bottom_axis, "left": self._left_axis})
        self._value: Curves | None = None
        self.setMinimumSize(QSize(160, 90))
        self.legend = self.getPlotItem().addLegend(offset=(-8, 8))
        theme_changes.changed.connect(self._draw)

    def show_value(self, curves: Curves) -> None:
        """Replace the curves shown."""
        self._value = curves
        self.setAccessibleName(curves.title)
        self.setAccessibleDescription(f"curves: {', '.join(curves.lines)}")
        self._draw()

    def _draw(self) -> None:
        theme, curves = current_theme(), self._value
        self.apply_theme()
        self.clear()
        self.legend.setLabelTextColor(theme.muted)
        self.legend.setBrush(pg.mkBrush(with_alpha(theme.panel, _LEGEND_OPACITY)))
        if curves is None:
            return
        self._left_axis.logarithmic = curves.log
        self._bottom_axis.setLabel(_with_unit(curves.x_title, curves.x_unit))
        self._left_axis.setLabel(_with_unit(curves.y_title, curves.unit))
        for index, (name, line) in enumerate(curves.lines.items()):
            values = _limited(line)
            if curves.log:
                values = np.log10(np.maximum(values, _MIN_LOG_VALUE))
            pen = pg.mkPen(theme.curves[index % len(theme.curves)], width=2)
            self.plot(_limited(curves.x), values, name=name, pen=pen, connect="finite")


def _limited(values: Floats) -> npt.NDArray[np.float64]:
    """Return the values within a range that can be drawn; infinite ones leave a gap."""
    values = np.asarray(values, np.float64)
    return np.where(np.isfinite(values), np.clip(values, -_MAX_VALUE, _MAX_VALUE), np.nan)


def _with_unit(title: str, unit: str) -> str:
    return f"{title} ({unit})" if title and unit else title or unit
