"""Detects from the start of a CSV file whether its rows may be time steps. No torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dlstudio.data.core.errors import DataError
from dlstudio.data.core.window_counts import window_count
from dlstudio.data.files.tables.column_builder import Numbers
from dlstudio.data.files.tables.column_types import TableColumn
from dlstudio.data.files.tables.table import Table, read_table
from dlstudio.data.sources.framework.source import Match
from dlstudio.data.sources.framework.source_options import HORIZON, WINDOW
from dlstudio.data.text.text_file import read_text
from dlstudio.design.model.data_settings import Split

_READ_BYTES = 1 << 16
_MIN_ROWS = 40
_TIME_NAMES = frozenset(
    {"time", "date", "datetime", "timestamp", "ds", "t", "step", "year", "month", "week", "day",
     "hour", "minute", "second"}
)  # fmt: skip


def match_series(path: Path) -> Match:
    """Match a CSV file with many rows and one column of numbers, alone or with columns of times.

    With row numbers instead of times it may be a time series or a table.
    """
    try:
        table = _read_start(path)
    except DataError:
        return Match.NO
    if table is None or len(table) < _MIN_ROWS:
        return Match.NO
    columns = table.columns
    if len(columns) == 1:
        return Match.SURE if _numbers(columns[0]).size else Match.NO
    values = [column for column in columns if not _is_time_column(column)]
    has_times = len(values) < len(columns)
    if has_times and len(values) == 1 and _numbers(values[0]).size:
        return Match.SURE
    rest = [column for column in values if not _is_counter(_numbers(column))]
    if len(rest) == 1 and len(rest) < len(values) and _numbers(rest[0]).size:
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


def _read_start(path: Path) -> Table | None:
    """Return the table in the first bytes; None if they hold too few lines.

    The lines are counted first, since thousands of columns take a while to decide.
    """
    lines = read_text(path, _READ_BYTES).count("\n") + 1
    return read_table(path, max_bytes=_READ_BYTES) if lines >= _MIN_ROWS else None


def _numbers(column: TableColumn) -> Numbers:
    """Return a column's numbers; empty if too few of its cells are numbers."""
    if column.numbers is None:
        return np.empty(0)
    return column.numbers[np.isfinite(column.numbers)]


def _is_time_column(column: TableColumn) -> bool:
    """Whether a column has the name of a time, or contains dates."""
    return column.name.strip().lower() in _TIME_NAMES or column.type == "date"


def _is_counter(numbers: Numbers) -> bool:
    """Whether numbers increase by equal steps, like row numbers or seconds."""
    steps = np.diff(numbers)
    if not len(steps) or steps[0] <= 0:
        return False
    return bool(steps.max() - steps.min() < 1e-6 * np.abs(numbers).max())
