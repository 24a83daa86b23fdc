"""Draws rows of text and numbers as a sortable table."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from dlstudio.gui.widgets.number_format import format_integer, format_value
from dlstudio.insight.views.values import Cell, Table


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

    def __init__(self, cell: Cell) -> None:
        super().__init__(_text(cell))
        self.cell = cell
        if isinstance(cell, (int, float)):
            self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.cell, getattr(other, "cell", None)
        if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
            return mine < theirs
        return self.text() < other.text()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format_value(cell)
    return format_integer(cell) if isinstance(cell, int) else cell
