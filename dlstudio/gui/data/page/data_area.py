"""The place of everything that is shown about data: rows above, panels below, the side right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

_SHARES = (556, 286, 362)
_MIN_PANEL = 200


class DataArea(QWidget):
    """Arranges the widgets; it knows nothing about data."""

    def __init__(self, upper: Sequence[QWidget], lower: Sequence[QWidget], side: QWidget) -> None:
        """Place the widgets of `upper` one behind the other, those of `lower` side by side."""
        super().__init__()
        self._upper = QStackedWidget()
        for widget in upper:
            self._upper.addWidget(widget)
        self.panels = QSplitter(Qt.Orientation.Horizontal)
        self.panels.setHandleWidth(14)
        self.panels.setProperty("look", "plain")
        for index, (panel, share) in enumerate(zip(lower, _SHARES, strict=True)):
            self.panels.addWidget(panel)
            self.panels.setStretchFactor(index, share)
            panel.setMinimumWidth(_MIN_PANEL)
        self.panels.setSizes(list(_SHARES))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(14)
        column.addWidget(self._upper, 17)
        column.addWidget(self.panels, 10)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 1)
        row.addWidget(side)

    def show_upper(self, widget: QWidget) -> None:
        """Show one of the upper widgets."""
        self._upper.setCurrentWidget(widget)

    def scroll_to_start(self) -> None:
        """Scroll the table, every list and the right side to their starts."""
        for area in self.findChildren(QAbstractScrollArea):
            area.verticalScrollBar().setValue(0)
            area.horizontalScrollBar().setValue(0)
