"""Two columns against each other; each axis has its own scale."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu

from dlstudio.gui.data.drawings.scatter_plot import ScatterPlot
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import panel_frame
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.menu_button import MenuButton

Floats = npt.NDArray[np.float32]
_WIDE = 330
"""From this width on, the panel has a title."""
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
        self._title = label("Two columns", "title")
        layout = panel_frame(self, self._title, *self._buttons)
        self.plot = ScatterPlot()
        layout.addWidget(self.plot, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the names of the columns where it is narrow."""
        super().resizeEvent(event)
        self._title.setVisible(self.width() >= _WIDE)

    def show_contents(self, contents: PageContents) -> None:
        """Show data that was read, with the axes chosen before; hide without a plane."""
        self._columns = contents.plane
        self.setVisible(len(contents.plane) > 1)
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
