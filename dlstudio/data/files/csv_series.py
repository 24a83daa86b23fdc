"""Reads one column of a table as a time series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.data_report import ColumnSummary, LeftOut
from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.column_encoders import find_origin
from dlstudio.data.files.columns.messages import (
    gap_messages,
    merged_values_message,
    number_messages,
)
from dlstudio.data.files.tables.column_types import TableColumn, as_numbers
from dlstudio.data.files.tables.table import Table, TableOptions, read_table
from dlstudio.data.sequences.series import series_dataset
from dlstudio.data.sources.framework.read_request import ReadRequest

Floats = npt.NDArray[np.float32]
_SHOWN_LINES = 10


def read_csv_series(request: ReadRequest) -> DataSet:
    """Return a column of a table as windows.

    Raises:
        DataError: The column cannot be read, or one of its spans is too short.
    """
    table = _read(request.file, request.options)
    column = _find_column(table, request.options["column"])
    values, warnings = _fill(table, column)
    data = series_dataset(
        torch.from_numpy(values), request.settings, request.options, column.name, warnings
    )
    return replace(
        data,
        left_out=_left_out(table, column),
        table=tuple(_summary(other, is_used=other.name == column.name) for other in table.columns),
    )


def _left_out(table: Table, column: TableColumn) -> tuple[LeftOut, ...]:
    others = (
        LeftOut("column", other.name, "only one column is the series")
        for other in table.columns
        if other.name != column.name
    )
    rows = (
        LeftOut("row", f"line {table.original.lines[row]}", why)
        for row, why in table.original.reasons.items()
    )
    return (*others, *table.left_out, *rows)


def _summary(column: TableColumn, *, is_used: bool) -> ColumnSummary:
    return ColumnSummary(
        column.name,
        "input" if is_used else "left out",
        column.type,
        int(column.missing.sum()),
        column.count_distinct(),
    )


def _read(path: Path, options: Mapping[str, Any]) -> Table:
    return read_table(
        path, TableOptions(options["delimiter"], options["header"], options["decimal"])
    )


def _find_column(table: Table, name: str) -> TableColumn:
    """Return the chosen column as numbers, or the last column of numbers.

    Raises:
        DataError: The column does not exist, or has no numbers.
    """
    if name and name not in table.names:
        raise DataError(f"There is no column {name!r}. The columns are: {', '.join(table.names)}.")
    numeric = [column for column in table.columns if column.type == "number"]
    column = (
        table.columns[table.names.index(name)] if name else (numeric or list(table.columns))[-1]
    )
    if column.type != "number":
        column = as_numbers(column, table.rules)
    if column.numbers is None or np.isnan(column.numbers).all():
        raise DataError(
            f"Column {column.name!r} of {table.path.name} has no numbers. Choose another column."
        )
    return column


def _fill(table: Table, column: TableColumn) -> tuple[Floats, tuple[str, ...]]:
    """Return the numbers (L,), the oldest first, and a line for each step without one.

    A step without a number repeats the previous one; the first steps repeat the first number.
    """
    assert column.numbers is not None
    gaps = np.isnan(column.numbers)
    last = np.maximum.accumulate(np.where(gaps, 0, np.arange(len(gaps))))
    if gaps[0]:
        first = int(np.argmin(gaps))
        last[:first] = first
    lines = [*number_messages([column]), *gap_messages([column])]
    if gaps.any():
        places = [f"{table.line(int(row)):,}" for row in np.flatnonzero(gaps)]
        more = f" and {len(places) - _SHOWN_LINES:,} more" if len(places) > _SHOWN_LINES else ""
        noun = "line" if len(places) == 1 else "lines"
        lines.append(
            f"{noun} {', '.join(places[:_SHOWN_LINES])}{more}: no number; the previous one is used"
        )
    if find_origin(column.numbers[~gaps]):
        lines.append(merged_values_message(column.name))
    return column.numbers[last].astype(np.float32), tuple(lines)
