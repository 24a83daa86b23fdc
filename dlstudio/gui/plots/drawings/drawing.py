"""Creates the widget that draws a value; several values are shown side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.gui.plots.drawings.bars import BarsDrawing
from dlstudio.gui.plots.drawings.lines import LinesDrawing
from dlstudio.gui.plots.drawings.paragraphs import TextDrawing
from dlstudio.gui.plots.drawings.planes import PlanesDrawing
from dlstudio.gui.plots.drawings.points import PointsDrawing
from dlstudio.gui.plots.drawings.table import TableDrawing
from dlstudio.gui.widgets.basic_widgets import clear_layout, label
from dlstudio.insight.views.values import (
    Bars,
    CardOverlay,
    Curves,
    Field,
    Maps,
    Matrix,
    Scatter,
    Table,
    Text,
    Vector,
    ViewValue,
)


class Drawing(Protocol):
    """A widget that draws values of one type."""

    def show_value(self, value: Any) -> None:
        """Replace the value shown."""
        ...


class _OverlayDrawing(BarsDrawing):
    """Draws the number of each layer as a bar, for use outside the canvas."""

    def show_value(self, overlay: Any, colours: Any = ()) -> None:
        values = np.array(list(overlay.values.values()), np.float32)
        super().show_value(
            Bars(
                tuple(overlay.values),
                values,
                low=overlay.low,
                high=overlay.high,
                unit=overlay.unit,
                title=overlay.title,
            ),
            colours,
        )


DRAWINGS: Mapping[type, Callable[[], Any]] = {
    Maps: PlanesDrawing,
    Vector: PlanesDrawing,
    Matrix: PlanesDrawing,
    Field: PlanesDrawing,
    Curves: LinesDrawing,
    Bars: BarsDrawing,
    Scatter: PointsDrawing,
    Table: TableDrawing,
    Text: TextDrawing,
    CardOverlay: _OverlayDrawing,
}
"""The widget of each type of value."""


class DrawingRow(QWidget):
    """Draws one or several values side by side, each below its title."""

    def __init__(self) -> None:
        super().__init__()
        self.drawings: list[Any] = []
        self._types: tuple[type, ...] = ()
        self._titles: list[Any] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)

    def show_values(self, *values: ViewValue) -> None:
        """Replace the values shown; widgets are reused if the types are the same.

        Raises:
            TypeError: A value has an unsupported type.
        """
        for value in values:
            if type(value) not in DRAWINGS:
                raise TypeError(f"A {type(value).__name__} cannot be drawn.")
        types = tuple(map(type, values))
        if types != self._types:
            self._rebuild(types)
        for value, drawing, title in zip(values, self.drawings, self._titles, strict=True):
            title.setText(value.title)
            title.setVisible(bool(value.title))
            drawing.show_value(value)

    def _rebuild(self, types: tuple[type, ...]) -> None:
        clear_layout(self._row)
        self._types = types
        self.drawings = [DRAWINGS[kind]() for kind in types]
        self._titles = [label(role="small") for _ in types]
        for title, drawing in zip(self._titles, self.drawings, strict=True):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(title)
            column.addWidget(drawing, 1)
            self._row.addWidget(holder, 1)
