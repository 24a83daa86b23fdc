"""Guesses the use of each column of a table and applies the user's choices. Imports no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.csv_parser import Table, read_table

_TARGET_NAMES = (
    "target", "label", "class", "y", "species", "outcome", "category", "diagnosis", "survived",
)  # fmt: skip
_ID_NAMES = ("id", "index", "no", "nr", "row", "unnamed: 0", "column 1")
_MAX_CLASSES = 20
_EXAMPLE_COUNT = 5
_TARGET_USES = ("class", "value")


@dataclass(frozen=True, slots=True)
class Column:
    """Description of one column.

    Attributes:
        use: Key of `source_setting_types.COLUMN_USES`.
        is_numeric: Whether at least 90 % of its cells are numbers.
        missing: Number of empty cells.
        distinct: Number of different values.
        examples: The most frequent values.
    """

    name: str
    use: str
    is_numeric: bool
    missing: int
    distinct: int
    examples: tuple[str, ...]

    @property
    def role(self) -> str:
        """`feature`, `target` or `ignore`."""
        if self.use in _TARGET_USES:
            return "target"
        return "ignore" if self.use == "ignore" else "feature"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """The guessed structure of a table, which the user can correct in a form.

    Attributes:
        delimiter: Key of `csv_parser.DELIMITERS`.
        header: Whether the first row names the columns.
        rows: Number of usable rows.
        warnings: A line for each skipped row.
    """

    columns: tuple[Column, ...]
    delimiter: str
    header: bool
    rows: int
    warnings: tuple[str, ...] = ()

    def uses(self) -> Mapping[str, str]:
        """Return each column's use by name, as the option `columns` stores it."""
        return {column.name: column.use for column in self.columns}


def guess_columns(path: str | Path, options: Mapping[str, Any] | None = None) -> ColumnGuess:
    """Read a table and guess each column's use.

    Args:
        path: The file.
        options: Options of the source `csv` set by the user, including `columns`.

    Raises:
        DataError: The file cannot be read, is not a table, or lacks a column of `options`.
    """
    chosen = options or {}
    table = read_table(Path(path), chosen.get("delimiter", "auto"), chosen.get("header", "auto"))
    columns = apply_choices(describe_columns(table), chosen.get("columns", {}))
    return ColumnGuess(columns, table.delimiter, table.header, len(table), table.skipped_rows)


def describe_columns(table: Table) -> tuple[Column, ...]:
    """Return all columns with their guessed use; at most one of them is the target."""
    columns = [
        _describe_column(table, name, cells)
        for name, cells in zip(table.names, table.columns, strict=True)
    ]
    target = _target_index(columns)
    if target is not None:
        column = columns[target]
        columns[target] = replace(column, use=_target_use(column, table.columns[target], table))
    return tuple(columns)


def apply_choices(columns: tuple[Column, ...], chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns with the user's choices; a chosen target replaces a guessed one.

    Raises:
        DataError: A choice names a column that does not exist.
    """
    names = [column.name for column in columns]
    for name in chosen:
        if name not in names:
            raise DataError(f"There is no column {name!r}. The columns are: {', '.join(names)}.")
    own_target = any(use in _TARGET_USES for use in chosen.values())
    return tuple(
        replace(column, use=chosen.get(column.name, _feature_use(column, ignore_target=own_target)))
        for column in columns
    )


def _feature_use(column: Column, *, ignore_target: bool) -> str:
    """Return the guessed use, or that of a feature if a guessed target is ignored."""
    if not (ignore_target and column.role == "target"):
        return column.use
    return "number" if column.is_numeric else "category"


def _describe_column(table: Table, name: str, cells: tuple[str | None, ...]) -> Column:
    counts = Counter(cell for cell in cells if cell is not None)
    present = sum(counts.values())
    numbers = sum(times for cell, times in counts.items() if table.to_number(cell) is not None)
    numeric = numbers >= 0.9 * present > 0
    all_differ = len(counts) == present > _MAX_CLASSES
    named_id = name.strip().lower() in _ID_NAMES
    if present == 0 or (all_differ and (not numeric or named_id)):
        use = "ignore"
    else:
        use = "number" if numeric else "category"
    examples = tuple(cell for cell, _ in counts.most_common(_EXAMPLE_COUNT))
    return Column(name, use, numeric, len(cells) - present, len(counts), examples)


def _target_index(columns: list[Column]) -> int | None:
    usable = [index for index, column in enumerate(columns) if column.use != "ignore"]
    for index in usable:
        if columns[index].name.strip().lower() in _TARGET_NAMES:
            return index
    return usable[-1] if len(usable) > 1 else None


def _target_use(column: Column, cells: tuple[str | None, ...], table: Table) -> str:
    if not column.is_numeric:
        return "class"
    values = [table.to_number(cell) for cell in cells if cell is not None]
    all_integers = all(value is None or value.is_integer() for value in values)
    return "class" if all_integers and column.distinct <= _MAX_CLASSES else "value"
