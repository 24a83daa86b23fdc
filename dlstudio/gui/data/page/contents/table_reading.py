"""Reads a table's columns and original cells for the page. Imports no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.core.data_paths import resolve_data_path
from dlstudio.data.files.csv_columns import Column, apply_choices, describe_columns
from dlstudio.data.files.csv_parser import Table, read_table
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.page_contents import (
    INPUT,
    LEFT_OUT,
    TARGET,
    PageColumn,
    PageRow,
    PageTable,
)

_FIRST_BYTES = 1 << 16
_MAX_ROWS = 2000
_BINS = 16
_MAX_BARS = 8
_ROLES = {"feature": INPUT, "target": TARGET, "ignore": LEFT_OUT}


def read_first_rows(settings: DataSettings, design_dir: str) -> PageTable:
    """Return a table with the rows in the first bytes of the file only."""
    return _read(settings, design_dir, _FIRST_BYTES)


def read_page_table(settings: DataSettings, design_dir: str) -> PageTable:
    """Return a table with all columns, and the first rows of the file."""
    return _read(settings, design_dir, -1)


def _read(settings: DataSettings, design_dir: str, max_bytes: int) -> PageTable:
    options = settings.options
    path = resolve_data_path(str(options.get("path") or ""), design_dir)
    table = read_table(
        Path(path),
        str(options.get("delimiter", "auto")),
        str(options.get("header", "auto")),
        max_bytes,
    )
    chosen = options.get("columns", {})
    uses = {name: str(use) for name, use in chosen.items()} if isinstance(chosen, Mapping) else {}
    known = {name: use for name, use in uses.items() if name in table.names}
    columns = apply_choices(describe_columns(table), known)
    shown = [cells[:_MAX_ROWS] for cells in table.columns]
    return PageTable(
        tuple(
            _page_column(table, column, cells)
            for column, cells in zip(columns, table.columns, strict=True)
        ),
        tuple(map(PageRow, table.lines, zip(*shown, strict=True))),
        len(table),
        table.delimiter,
        "," if table.delimiter == "semicolon" else ".",
        table.header,
    )


def _page_column(table: Table, column: Column, cells: Sequence[str | None]) -> PageColumn:
    role = _ROLES[column.role]
    is_number = column.use in ("number", "value") or (role == LEFT_OUT and column.is_numeric)
    bars, range_text = _distribution(table, column, cells, is_number=is_number)
    return PageColumn(
        column.name,
        role,
        column.use,
        "number" if is_number else "category",
        column.missing,
        column.distinct,
        bars,
        range_text,
        fill="",
        is_numeric=column.is_numeric,
    )


def _distribution(
    table: Table, column: Column, cells: Sequence[Any], *, is_number: bool
) -> tuple[tuple[int, ...], str]:
    if not is_number:
        counts = Counter(cell for cell in cells if cell is not None).most_common(_MAX_BARS)
        return tuple(count for _, count in counts), f"most: {counts[0][0]}" if counts else ""
    numbers = [n for cell in cells if cell is not None and (n := table.to_number(cell)) is not None]
    if not numbers:
        return (), ""
    counts_, edges = np.histogram(np.array(numbers), bins=min(_BINS, max(column.distinct, 1)))
    return tuple(int(count) for count in counts_), f"{edges[0]:.4g} – {edges[-1]:.4g}"
