"""Reads one column of a table as a time series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.csv_parser import Table, read_table
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sequences.series import series_dataset
from dlstudio.data.sources.framework.read_request import ReadRequest

Floats = npt.NDArray[np.float32]


def read_csv_series(request: ReadRequest) -> DataSet:
    """Return a column of a table as windows.

    Raises:
        DataError: The column cannot be read, or one of its spans is too short.
    """
    values, name, warnings = read_series(request.file, request.options)
    return series_dataset(
        torch.from_numpy(values), request.settings, request.options, name, warnings
    )


def read_series(path: Path, options: Mapping[str, Any]) -> tuple[Floats, str, tuple[str, ...]]:
    """Return a column as numbers (L,), its name, and a warning for each row without a number.

    Rows are time steps, the oldest first. A step without a number repeats the previous one.

    Raises:
        DataError: The file cannot be read, the column does not exist, or has no numbers.
    """
    table = read_table(path, options["delimiter"], options["header"])
    name = options["column"] or _last_numeric_column(table)
    if name not in table.names:
        raise DataError(f"There is no column {name!r}. The columns are: {', '.join(table.names)}.")
    cells = table.columns[table.names.index(name)]
    numbers = [None if cell is None else table.to_number(cell) for cell in cells]
    current = next((number for number in numbers if number is not None), None)
    if current is None:
        raise DataError(f"Column {name!r} of {path.name} has no numbers. Choose another column.")
    values, missing = [], list(table.skipped_rows)
    for line, number in zip(table.lines, numbers, strict=True):
        if number is None:
            missing.append(f"{path}, line {line}: no number; the previous one is used")
        current = current if number is None else number
        values.append(current)
    return np.array(values, np.float32), name, tuple(truncate_list(missing, "rows"))


def _last_numeric_column(table: Table) -> str:
    """Return the last column with mostly numeric cells, else the last column."""
    for name, cells in reversed(list(zip(table.names, table.columns, strict=True))):
        if _is_mostly_numeric(table, cells):
            return name
    return table.names[-1]


def _is_mostly_numeric(table: Table, cells: Sequence[str | None]) -> bool:
    numbers = sum(cell is not None and table.to_number(cell) is not None for cell in cells)
    return 2 * numbers > len(cells)
