"""Draws rows of text and numbers as a sortable table."""

from __future__ import annotations

from collections.abc import Sequence
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
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.setMinimumSize(QSize(120, 90))

    def show_value(self, table: Table) -> None:
        """Replace the table shown."""
        self.setAccessibleName(table.title)
        self.setSortingEnabled(False)
        self.setColumnCount(len(table.columns))
        self.setRowCount(len(table.rows))
        for row, cells in enumerate(table.rows):
            for column, cell in enumerate(cells):
                self.setItem(row, column, _Item(cell))
        for column, title in enumerate(table.columns):
            header = QTableWidgetItem(title)
            header.setTextAlignment(_alignment([row[column] for row in table.rows]))
            self.setHorizontalHeaderItem(column, header)
        self.resizeColumnsToContents()
        self.setSortingEnabled(True)


class _Item(QTableWidgetItem):
    """A cell that sorts by its value instead of its text."""

    def __init__(self, cell: object) -> None:
        super().__init__(_text(cell))
        self.cell = cell
        self.setTextAlignment(_alignment([cell]))

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.cell, getattr(other, "cell", None)
        if isinstance(mine, Real) and isinstance(theirs, Real):
            return bool(mine < theirs)
        return self.text() < other.text()


def _alignment(cells: Sequence[object]) -> Qt.AlignmentFlag:
    """Return right for numbers and left for text."""
    known = [cell for cell in cells if cell is not None]
    is_numeric = bool(known) and all(isinstance(cell, Real) for cell in known)
    side = Qt.AlignmentFlag.AlignRight if is_numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _text(cell: object) -> str:
    """Return the text of a cell; numpy scalars are numbers too."""
    if cell is None:
        return ""
    if isinstance(cell, Integral):
        return format_integer(int(cell))
    return format_value(float(cell)) if isinstance(cell, Real) else str(cell)
