"""Detects from the start of a CSV file whether its rows may be time steps. Does not import torch.

Imports numpy late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from dlstudio.data.core.errors import DataError
from dlstudio.data.core.window_counts import window_count
from dlstudio.data.files.csv_parser import Table, read_table
from dlstudio.data.sources.framework.source import Match
from dlstudio.data.sources.framework.source_options import HORIZON, WINDOW
from dlstudio.design.model.data_settings import Split

_READ_BYTES = 1 << 16
_MIN_ROWS = 40
_MIN_SHARE = 0.9
_TIME_NAMES = frozenset(
    {"time", "date", "datetime", "timestamp", "ds", "t", "step", "year", "month", "week", "day",
     "hour", "minute", "second"}
)  # fmt: skip
_DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M")

Cells = Sequence[str | None]


def match_series(path: Path) -> Match:
    """Match a CSV file with many rows and one column of numbers, alone or with columns of times.

    With row numbers instead of times it may be a time series or a table.
    """
    try:
        table = read_table(path, max_bytes=_READ_BYTES)
    except DataError:
        return Match.NO
    if len(table) < _MIN_ROWS:
        return Match.NO
    columns = dict(zip(table.names, table.columns, strict=True))
    if len(columns) == 1:
        return Match.SURE if _numeric_values(table, *columns.values()) else Match.NO
    time_columns = {name for name, cells in columns.items() if _is_time_column(name, cells)}
    values = [name for name in columns if name not in time_columns]
    if time_columns and len(values) == 1 and _numeric_values(table, columns[values[0]]):
        return Match.SURE
    counters = {name for name in values if _is_counter(_numeric_values(table, columns[name]))}
    rest = [name for name in values if name not in counters]
    if counters and len(rest) == 1 and _numeric_values(table, columns[rest[0]]):
        return Match.POSSIBLE
    return Match.NO


def suggest_window(path: Path, split: Split) -> dict[str, int]:
    """Return a window and a horizon that fit into each subset of a short series.

    Empty if the default options fit.
    """
    from dlstudio.data.core.subset_sizes import subset_sizes

    try:
        rows = len(read_table(path, max_bytes=_READ_BYTES))
    except DataError:
        return {}
    shortest = min(filter(None, subset_sizes(rows, split, has_test=False)), default=0)
    if window_count(shortest, WINDOW.default, 1, HORIZON.default):
        return {}
    total = max(shortest // 2, 2)
    horizon = max(total // 5, 1)
    return {"window": total - horizon, "horizon": horizon}


def _numeric_values(table: Table, cells: Cells) -> list[float]:
    """Return a column's numbers; empty if too few of its cells are numbers."""
    numbers = [number for cell in cells if cell and (number := table.to_number(cell)) is not None]
    return numbers if len(numbers) >= _MIN_SHARE * len(cells) else []


def _is_time_column(name: str, cells: Cells) -> bool:
    """Whether a column has the name of a time, or contains dates."""
    if name.strip().lower() in _TIME_NAMES:
        return True
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(_is_date, filled)) >= _MIN_SHARE * len(filled)


def _is_date(cell: str) -> bool:
    if cell.isdecimal():
        return False
    return _is_iso(cell) or any(_matches_format(cell, date_format) for date_format in _DATE_FORMATS)


def _is_iso(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _matches_format(cell: str, date_format: str) -> bool:
    try:
        datetime.strptime(cell, date_format)
    except ValueError:
        return False
    return True


def _is_counter(numbers: Sequence[float]) -> bool:
    """Whether numbers increase by equal steps, like row numbers or seconds."""
    steps = [after - before for before, after in pairwise(numbers)]
    return bool(steps) and steps[0] > 0 and max(steps) - min(steps) < 1e-6 * max(map(abs, numbers))
