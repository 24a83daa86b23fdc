"""Finds the rows of a table whose cells fit the use of their columns. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.files.columns.description import Column
from dlstudio.data.files.tables.column_types import Int64, TableColumn
from dlstudio.data.files.tables.table import Table
from dlstudio.data.sources.framework.source_setting_types import DATE_USES


@dataclass(frozen=True, slots=True)
class UsedRows:
    """The rows of a table that become samples.

    Attributes:
        rows: Their indices among the table's rows.
        left_out: All rows of the file that are not used, in its order.
        reasons: Why a row is not used, by its index in `table.original`.
    """

    rows: Int64
    left_out: tuple[LeftOut, ...]
    reasons: dict[int, str]


def find_used_rows(
    table: Table,
    columns: Sequence[Column],
    cells: Sequence[TableColumn],
    *,
    with_gaps: bool = True,
) -> UsedRows:
    """Leave out rows with an invalid cell or without a target.

    Args:
        table: The table.
        columns: Description and use of each column.
        cells: The cells of each column, as its use needs them.
        with_gaps: Whether rows with an empty cell in an input are used.
    """
    reasons: dict[int, str] = {}
    for column, column_cells in zip(columns, cells, strict=True):
        if column.role == "ignore":
            continue
        if column.role == "target" or not with_gaps:
            role = "target" if column.role == "target" else "input"
            text = f"the {role} column {column.name!r} is empty"
            for row in np.flatnonzero(column_cells.missing).tolist():
                reasons.setdefault(row, text)
        noun = "number" if column.use in ("number", "value") else "date"
        if noun == "date" and column.use not in DATE_USES:
            continue
        for row in np.flatnonzero(_are_invalid(column_cells, noun)).tolist():
            text = f"{_text(table, column_cells, row)!r} in column {column.name!r} is not a {noun}"
            reasons.setdefault(row, text)
    invalid = np.fromiter(reasons, np.int64, len(reasons))
    rows = np.setdiff1d(np.arange(len(table)), invalid)
    by_original = {
        **table.original.reasons,
        **{int(table.rows[row]): text for row, text in reasons.items()},
    }
    ordered = dict(sorted(by_original.items()))
    left_out = tuple(
        LeftOut("row", f"line {table.original.lines[row]}", text) for row, text in ordered.items()
    )
    return UsedRows(rows, (*table.left_out, *left_out), ordered)


def _are_invalid(cells: TableColumn, noun: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    values = cells.numbers if noun == "number" else cells.seconds
    filled = ~cells.missing
    return filled if values is None else filled & np.isnan(values)


def _text(table: Table, cells: TableColumn, row: int) -> str:
    if len(cells.codes):
        return cells.words[int(cells.codes[row])]
    return table.original.column(cells.name, [int(table.rows[row])])[0]
