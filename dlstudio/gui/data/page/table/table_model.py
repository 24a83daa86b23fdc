"""The rows of a table for a view that draws only what is visible."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dlstudio.data.core.original_cells import OriginalRow
from dlstudio.gui.data.page.contents.change_actions import GAP_ROWS, LEFT_OUT_ROWS, ShowPlace
from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, PageColumn, PageTable

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_CACHED_ROWS = 400
_SEARCHED_ROWS = 2000


class RowFilter(Enum):
    """Which rows are shown."""

    ALL = "All"
    LEFT_OUT = "Left out"
    GAPS = "With gaps"


class TableModel(QAbstractTableModel):
    """The original cells of a table, filtered by what became of their row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: PageTable | None = None
        self._filter = RowFilter.ALL
        self._rows: Sequence[int] = ()
        self.marked: ShowPlace | None = None
        """What is marked."""
        self._original = lru_cache(_CACHED_ROWS)(lambda _index: OriginalRow(0, ()))

    @property
    def table(self) -> PageTable | None:
        """The table shown."""
        return self._table

    @property
    def row_filter(self) -> RowFilter:
        """Which rows are shown."""
        return self._filter

    def show_table(self, table: PageTable) -> None:
        """Show another table; the same rows are kept in place."""
        previous, self._table = self._table, table
        self._original = lru_cache(_CACHED_ROWS)(table.original.__getitem__)
        rows = self._filtered(self._filter)
        names = [column.name for column in table.columns]
        same_columns = previous is not None and names == [c.name for c in previous.columns]
        if same_columns and len(rows) == len(self._rows):
            self._rows = rows
            if len(rows):
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(names) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(names) - 1)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def set_filter(self, row_filter: RowFilter) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._filter = row_filter
        self._rows = self._filtered(row_filter)
        self.endResetModel()

    def count(self, row_filter: RowFilter) -> int:
        """Return the number of rows that a filter leaves."""
        return len(self._filtered(row_filter))

    def row(self, index: int) -> OriginalRow:
        """Return a visible row; the last ones asked for are kept."""
        return self._original(self._rows[index])

    def line(self, index: int) -> int:
        """Return the line number of a visible row."""
        assert self._table is not None
        return int(self._table.lines[self._rows[index]])

    def cell(self, row: OriginalRow, column: int) -> str | None:
        """Return a cell as it stands in the file, None for a gap."""
        cell = row.cells[column] if column < len(row.cells) else ""
        return None if not cell or self.column(column).is_gap(cell) else cell

    def is_marked(self, row: OriginalRow, column: PageColumn, cell: str | None) -> bool:
        """Whether a cell is marked, given its row and its text."""
        place = self.marked
        if place is None or (place.columns and column.name not in place.columns):
            return False
        if place.rows == LEFT_OUT_ROWS:
            return bool(row.left_out) and place.reason in ("", row.left_out)
        return cell is None if place.rows == GAP_ROWS else bool(place.columns)

    def first_marked(self) -> QModelIndex:
        """Return the first marked cell, looked for in the first rows that are shown."""
        columns = () if self._table is None else self._table.columns
        for row_index in range(min(len(self._rows), _SEARCHED_ROWS)):
            row = self.row(row_index)
            for index, column in enumerate(columns):
                if self.is_marked(row, column, self.cell(row, index)):
                    return self.index(row_index, index)
        return QModelIndex()

    def column(self, index: int) -> PageColumn:
        """Return a column."""
        assert self._table is not None
        return self._table.columns[index]

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() or self._table is None else len(self._table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.row(index.row()), self.column(index.column())
        cell = self.cell(row, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return (column.fill if not row.left_out else "") if cell is None else cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(row, column, cell)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self.line(section))
        return self.column(section).name

    def _filtered(self, row_filter: RowFilter) -> Sequence[int]:
        if self._table is None:
            return ()
        match row_filter:
            case RowFilter.LEFT_OUT:
                return self._table.left_out_rows
            case RowFilter.GAPS:
                return self._table.gap_rows
            case _:
                return range(self._table.total_rows)


def _tool_tip(row: OriginalRow, column: PageColumn, cell: str | None) -> str | None:
    if row.left_out:
        return f"Line {row.line} is left out: {row.left_out}"
    if column.role == LEFT_OUT:
        return f"{column.name} is left out" + (f": {column.reason}" if column.reason else "")
    if cell is None and column.fill:
        return f"Empty cell, filled with the {column.fill_by} of the training rows: {column.fill}"
    return cell if cell is not None and len(cell) > 14 else None
