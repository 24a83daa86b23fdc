"""Describes the columns of a table, guesses their use and applies choices. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from dlstudio.data.core.data_report import ColumnSummary
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.columns.histogram import Histogram, histogram_of
from dlstudio.data.files.columns.roles import MAX_CLASSES, InputUse, input_use
from dlstudio.data.files.tables.column_types import TableColumn, number_text
from dlstudio.data.files.tables.table import NEWEST_RULES, Table

_TARGET_NAMES = (
    "target", "label", "class", "y", "species", "outcome", "category", "diagnosis", "survived",
)  # fmt: skip
_EXAMPLE_COUNT = 5
_TARGET_USES = ("class", "value")
_BY_CHOICE = "you left it out"


@dataclass(frozen=True, slots=True)
class Column:
    """Description of one column.

    Attributes:
        use: Key of `source_setting_types.COLUMN_USES`.
        type: `number`, `category`, `date` or `text`.
        missing: Number of empty cells.
        distinct: Number of different values.
        examples: The most frequent values.
        input_use: The guessed use if the column is not the target.
        left_out: Why it is not used, a clause without a full stop; empty if it is.
        not_numbers: Number of filled cells that are no numbers in a column of numbers, or no
            dates in one of dates.
        low: The smallest value or the earliest date as text, empty for words.
        high: The largest value or the latest date as text, empty for words.
        histogram: Counts of cells in at most 20 bins, or of the most frequent words.
        decimal: The decimal sign of its numbers, `.` or `,`; empty without decimals.
        is_constant: Whether all filled cells are equal.
    """

    name: str
    use: str
    type: str
    missing: int
    distinct: int
    examples: tuple[str, ...]
    input_use: InputUse
    left_out: str = ""
    not_numbers: int = 0
    low: str = ""
    high: str = ""
    histogram: Histogram = field(default_factory=Histogram)
    decimal: str = ""
    is_constant: bool = False

    @property
    def role(self) -> str:
        """`feature`, `target` or `ignore`."""
        if self.use in _TARGET_USES:
            return "target"
        return "ignore" if self.use == "ignore" else "feature"

    @property
    def is_numeric(self) -> bool:
        """Whether at least 90 % of its cells are numbers."""
        return self.type == "number"

    @property
    def summary(self) -> ColumnSummary:
        """The column as it is reported for all kinds of data."""
        roles = {"feature": "input", "target": "target", "ignore": "left out"}
        return ColumnSummary(self.name, roles[self.role], self.type, self.missing, self.distinct)


def describe_columns(table: Table, rules: int = NEWEST_RULES) -> tuple[Column, ...]:
    """Return all columns with their guessed use; at most one of them is the target.

    Args:
        table: The table.
        rules: 1 guesses as the first version did.
    """
    columns = [_describe_column(table, column, rules) for column in table.columns]
    target = _target_index(columns, rules)
    if target is not None:
        use = _target_use(columns[target], table.columns[target])
        columns[target] = replace(columns[target], use=use, left_out="")
    return tuple(columns)


def apply_choices(columns: tuple[Column, ...], chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns with the user's choices; a chosen target replaces a guessed one.

    Raises:
        DataError: A choice names a column that does not exist.
    """
    names = {column.name for column in columns}
    for name in chosen:
        if name not in names:
            known = ", ".join(column.name for column in columns[:50])
            raise DataError(f"There is no column {name!r}. The columns are: {known}.")
    own_target = any(use in _TARGET_USES for use in chosen.values())
    return tuple(
        _with_choice(column, chosen.get(column.name, ""), own_target=own_target)
        for column in columns
    )


def _with_choice(column: Column, use: str, *, own_target: bool) -> Column:
    if use:
        return replace(column, use=use, left_out=_BY_CHOICE if use == "ignore" else "")
    if own_target and column.role == "target":
        return replace(column, use=column.input_use.use, left_out=column.input_use.left_out)
    return column


def _describe_column(table: Table, column: TableColumn, rules: int) -> Column:
    counts = column.word_counts()
    filled = ~column.missing
    values = column.numbers if column.type == "number" else column.seconds
    valid = np.empty(0) if values is None else values[filled & np.isfinite(values)]
    different, times = np.unique(valid, return_counts=True)
    distinct = len(counts) if values is None else len(different)
    if not counts:
        frequent = np.argsort(-times, kind="stable")[:_EXAMPLE_COUNT]
        examples = tuple(number_text(different[index]) for index in frequent)
    else:
        examples = tuple(word for word, _ in counts.most_common(_EXAMPLE_COUNT))
    use = input_use(table, column, counts, distinct, rules)
    histogram = histogram_of(column, counts, valid)
    has_decimals = column.type == "number" and bool((valid % 1 != 0).any())
    return Column(
        name=column.name,
        use=use.use,
        type=use.type,
        missing=int(column.missing.sum()),
        distinct=distinct,
        examples=examples,
        input_use=use,
        left_out=use.left_out,
        not_numbers=0 if values is None else int(filled.sum()) - len(valid),
        low=histogram.low,
        high=histogram.high,
        histogram=histogram,
        decimal=column.number_format.decimal if has_decimals else "",
        is_constant=distinct == 1,
    )


def _target_index(columns: list[Column], rules: int) -> int | None:
    """Return the column that is most likely to be predicted; a constant one is not passed over.

    A silent change to another target would hide that the column meant has only one class.
    """
    usable = [
        index
        for index, column in enumerate(columns)
        if column.use not in ("ignore", "date")
        or (rules > 1 and column.is_constant and column.type in ("number", "category"))
    ]
    for index in usable:
        if columns[index].name.strip().lower() in _TARGET_NAMES:
            return index
    return usable[-1] if len(columns) > 1 and usable else None


def _target_use(column: Column, cells: TableColumn) -> str:
    if cells.type != "number" or cells.numbers is None:
        return "class"
    values = cells.numbers[~np.isnan(cells.numbers)]
    is_whole = bool((values == np.round(values)).all())
    return "class" if is_whole and column.distinct <= MAX_CLASSES else "value"
