"""Reads a table and applies the use of each column: what both preview and training need.

Imports no torch.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.progress import ProgressCallback, ignore_progress
from dlstudio.data.files.columns.description import Column, apply_choices, describe_columns
from dlstudio.data.files.columns.used_rows import find_used_rows
from dlstudio.data.files.tables.column_types import Int64, TableColumn
from dlstudio.data.files.tables.conversions import Merges, convert_columns
from dlstudio.data.files.tables.original_rows import OriginalRows
from dlstudio.data.files.tables.table import NEWEST_RULES, Table, TableOptions, read_table
from dlstudio.data.sources.framework.source_setting_types import DATE_USES
from dlstudio.design.model.values import freeze

_WORD_USES = ("category", "ordinal", "class", *DATE_USES)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class UsedTable:
    """A table with the use of its columns, and the rows that fit.

    Attributes:
        table: The table as read.
        columns: Description and use of each column.
        cells: Cells of each column in the used rows, as its use needs them.
        rows: Index in `original` of each used row (N,).
        original: All rows below the header, with the reasons for those left out.
        left_out: Columns, rows and lines that are not used.
        merges: Spellings that count as another, by column.
    """

    table: Table
    columns: tuple[Column, ...]
    cells: tuple[TableColumn, ...]
    rows: Int64
    original: OriginalRows
    left_out: tuple[LeftOut, ...]
    merges: Merges

    def __len__(self) -> int:
        """Return the number of used rows."""
        return len(self.rows)

    def with_role(self, role: str) -> list[tuple[Column, TableColumn]]:
        """Return the columns with a role, and their cells."""
        pairs = zip(self.columns, self.cells, strict=True)
        return [(column, cells) for column, cells in pairs if column.role == role]


def read_used_table(
    path: Path,
    options: Mapping[str, Any],
    rules: int = NEWEST_RULES,
    progress: ProgressCallback = ignore_progress,
) -> UsedTable:
    """Return the table in a file by the options of the source `csv`.

    A table that is still in use is not read again while its file is unchanged.

    Args:
        path: The file.
        options: The options set by the user, including `columns`.
        rules: 1 reads and guesses as the first version did.
        progress: Called with a message and the completed share; its exceptions end the reading.

    Raises:
        DataError: The file cannot be read, is not a table, or lacks a column of `options`.
    """
    status = path.stat() if path.exists() else None
    key = (path, status and (status.st_mtime_ns, status.st_size), freeze(options), rules)
    used = _tables_in_use.get(key)
    if used is None:
        used = _tables_in_use[key] = _read_used_table(path, options, rules, progress)
    return used


def _read_used_table(
    path: Path, options: Mapping[str, Any], rules: int, progress: ProgressCallback
) -> UsedTable:
    chosen = options.get("columns", {})
    table = read_table(path, table_options(options, rules), progress=progress)
    progress(f"Examining {len(table.columns):,} columns", None)
    columns = apply_choices(describe_columns(table, rules), chosen)
    uses = {column.name: column.use for column in columns}
    converted, merges = convert_columns(table.columns, uses, table.rules)
    with_gaps = options.get("gaps", "fill") == "fill"
    used = find_used_rows(table, columns, converted, with_gaps=with_gaps)
    return UsedTable(
        table,
        columns,
        tuple(cells.select(used.rows) for cells in converted),
        table.rows[used.rows],
        replace(table.original, reasons=used.reasons),
        (*_left_out_columns(columns), *used.left_out),
        merges,
    )


_tables_in_use: WeakValueDictionary[Hashable, UsedTable] = WeakValueDictionary()


def table_options(options: Mapping[str, Any], rules: int = NEWEST_RULES) -> TableOptions:
    """Return how to read a table from the options of a source."""
    uses = options.get("columns", {})
    return TableOptions(
        options.get("delimiter", "auto"),
        options.get("header", "auto"),
        options.get("decimal", "auto"),
        frozenset(name for name, use in uses.items() if use in _WORD_USES),
        rules,
    )


def count_duplicates(table: UsedTable) -> int:
    """Return the number of rows whose used cells stand in an earlier row, too."""
    hashes = np.zeros(len(table), np.uint64)
    for column, cells in zip(table.columns, table.cells, strict=True):
        if column.role != "ignore":
            hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + _hashes(cells)
            hashes ^= hashes >> np.uint64(29)
    return len(hashes) - len(np.unique(hashes))


def _hashes(cells: TableColumn) -> npt.NDArray[np.uint64]:
    values = cells.numbers if cells.type == "number" else cells.seconds
    if values is None:
        return np.where(cells.missing, np.uint64(0), cells.codes.astype(np.uint64) + np.uint64(1))
    return np.where(cells.missing, 0.0, values + 0.0).view(np.uint64)


def _left_out_columns(columns: tuple[Column, ...]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut("column", column.name, column.left_out)
        for column in columns
        if column.role == "ignore"
    )
