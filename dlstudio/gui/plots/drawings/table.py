"""Draws rows of text and numbers as a sortable table."""

from __future__ import annotations

from numbers import Integral, Real

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from dlstudio.gui.widgets.number_format import format_integer, format_value
from dlstudio.insight.views.values import Table


class TableDrawing(QTableWidget):
    """A read-only table whose cells can be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.setMinimumSize(QSize(120, 90))

    def show_value(self, table: Table) -> None:
        """Replace the table shown."""
        self.setAccessibleName(table.title)
        self.setSortingEnabled(False)
        self.setColumnCount(len(table.columns))
        self.setHorizontalHeaderLabels(list(table.columns))
        self.setRowCount(len(table.rows))
        for row, cells in enumerate(table.rows):
            for column, cell in enumerate(cells):
                self.setItem(row, column, _Item(cell))
        self.resizeColumnsToContents()
        self.setSortingEnabled(True)


class _Item(QTableWidgetItem):
    """A cell that sorts by its value instead of its text."""

    def __init__(self, cell: object) -> None:
        super().__init__(_text(cell))
        self.cell = cell
        if isinstance(self.cell, Real):
            self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.cell, getattr(other, "cell", None)
        if isinstance(mine, Real) and isinstance(theirs, Real):
            return bool(mine < theirs)
        return self.text() < other.text()


def _text(cell: object) -> str:
    """Return the text of a cell; numpy scalars are numbers too."""
    if cell is None:
        return ""
    if isinstance(cell, Integral):
        return format_integer(int(cell))
    return format_value(float(cell)) if isinstance(cell, Real) else str(cell)
