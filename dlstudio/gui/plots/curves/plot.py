"""A plot without menus and buttons whose axes have the colours of the theme."""

from __future__ import annotations

from collections.abc import Mapping

import pyqtgraph as pg

from dlstudio.gui.style.theme import current_theme, text_font


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """The plot that every line chart builds on."""

    def __init__(self, axes: Mapping[str, pg.AxisItem]) -> None:
        """Show `axes` by the side on which they are: `bottom`, `left` or `right`."""
        super().__init__(axisItems=dict(axes))
        self._axes = axes
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())
        plot.showGrid(x=False, y=True, alpha=0.35)

    def apply_theme(self) -> None:
        """Use the colours of the current theme."""
        theme = current_theme()
        self.setBackground(theme.panel)
        for axis in self._axes.values():
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(text_font(11))
            axis.labelStyle = {"color": theme.muted, "font-size": "11px"}
