"""Lines for the user on what was changed in a table. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.files.columns.description import Column
from dlstudio.data.files.tables.column_types import TableColumn, number_text
from dlstudio.data.files.tables.conversions import Merges
from dlstudio.data.sources.framework.source_setting_types import DATE_USES

_MAX_NAMES = 5


@dataclass(frozen=True, slots=True)
class Filling:
    """What the empty cells of one input become.

    Attributes:
        column: Name of the column.
        count: Number of empty cells.
        value: What they become, as text.
        how: `median` or `most frequent`.
    """

    column: str
    count: int
    value: str
    how: str


def format_messages(columns: Sequence[Column], cells: Sequence[TableColumn]) -> list[str]:
    """Return lines on how the used columns' numbers, dates and empty cells are written."""
    pairs = list(zip(columns, cells, strict=True))
    numbers = [cell for column, cell in pairs if column.use in ("number", "value")]
    dates = [cell for column, cell in pairs if column.use in DATE_USES]
    lines = number_messages(numbers)
    for cell in dates:
        if not cell.date_format.is_sure:
            order = "day before month" if cell.date_format.day_first else "month before day"
            lines.append(f"Column {cell.name!r}: the dates do not show their order; read {order}")
    return [*lines, *gap_messages([cell for column, cell in pairs if column.role != "ignore"])]


def number_messages(numbers: Sequence[TableColumn]) -> list[str]:
    """Return a line for each peculiarity in which numbers are written."""
    lines = [
        *_about(numbers, _has_decimal_comma, "decimal comma"),
        *_about(numbers, _has_sure_groups, "marks between thousands are removed"),
        *_about(numbers, lambda cell: cell.number_format.percent, "percent signs are removed"),
        *_about(
            numbers, lambda cell: bool(cell.number_format.currency), "currency signs are removed"
        ),
        *_about(numbers, _has_parentheses, "numbers in parentheses are negative"),
    ]
    for cell in numbers:
        if not cell.number_format.is_sure and (example := _ambiguous_word(cell)):
            value = cell.number_format.parse(example)
            assert value is not None
            lines.append(
                f"Column {cell.name!r}: “{example}” is read as {number_text(value)}; set the "
                "decimal sign if it means something else"
            )
    return lines


def _has_decimal_comma(cell: TableColumn) -> bool:
    if cell.numbers is None or cell.number_format.decimal != ",":
        return False
    return bool((cell.numbers[np.isfinite(cell.numbers)] % 1 != 0).any())


def _has_parentheses(cell: TableColumn) -> bool:
    return any(word.endswith(")") for word in cell.words)


def _has_sure_groups(cell: TableColumn) -> bool:
    return cell.number_format.groups and cell.number_format.is_sure


def merge_messages(merges: Merges) -> list[str]:
    """Return a line for each column with several spellings of one class."""
    lines = []
    for name, merged in merges.items():
        parts = [
            f"“{merge.spelling}” as “{merge.word}” ({_cells(merge.count)})"
            for merge in merged[:_MAX_NAMES]
        ]
        lines.append(f"Column {name!r}: {_listing(parts, len(merged))}")
    return lines


def filling_messages(fillings: Sequence[Filling]) -> list[str]:
    """Return a line for each way of filling."""
    lines = []
    for how in dict.fromkeys(filling.how for filling in fillings):
        chosen = [filling for filling in fillings if filling.how == how]
        total = sum(filling.count for filling in chosen)
        noun = "cell" if total == 1 else "cells"
        parts = [
            f"{filling.column} {filling.count:,} → {filling.value}"
            for filling in chosen[:_MAX_NAMES]
        ]
        lines.append(
            f"{total:,} empty {noun} filled with the {how} of the training rows: "
            f"{_listing(parts, len(chosen))}"
        )
    return lines


def merged_values_message(name: str) -> str:
    """Return a line on values to predict that lie close together, far from zero."""
    return (
        f"Column {name!r}: 32-bit numbers do not keep its values apart; subtract a constant from it"
    )


def duplicate_messages(count: int) -> list[str]:
    """Return a line on rows that repeat an earlier one."""
    if not count:
        return []
    verb = "row repeats" if count == 1 else "rows repeat"
    return [f"{count:,} {verb} an earlier one; copies may be in training and test subset at once"]


def _about(
    cells: Sequence[TableColumn], has: Callable[[TableColumn], bool], what: str
) -> list[str]:
    names = [repr(cell.name) for cell in cells if has(cell)]
    if not names:
        return []
    noun = "Column" if len(names) == 1 else "Columns"
    return [f"{noun} {_listing(names[:_MAX_NAMES], len(names))}: {what}"]


def gap_messages(cells: Iterable[TableColumn]) -> list[str]:
    """Return lines that group columns by their words for an empty cell."""
    counts: dict[str, list[tuple[str, int]]] = {}
    for cell in cells:
        for word, count in cell.gap_counts.items():
            counts.setdefault(word, []).append((cell.name, count))
    lines = []
    for word, places in counts.items():
        total = sum(count for _, count in places)
        names = [repr(name) for name, _ in places[:_MAX_NAMES]]
        noun = "column" if len(places) == 1 else "columns"
        lines.append(
            f"“{word}” counts as an empty cell in {noun} {_listing(names, len(places))} "
            f"({_cells(total)})"
        )
    return lines


def _ambiguous_word(cell: TableColumn) -> str:
    """Return a word whose mark may be either, empty if there is none."""
    marked = (word for word in cell.words if any(mark in word for mark in ".,"))
    return next((word for word in marked if cell.number_format.parse(word) is not None), "")


def _cells(count: int) -> str:
    return f"{count:,} cell" if count == 1 else f"{count:,} cells"


def _listing(parts: Sequence[str], total: int) -> str:
    more = f" and {total - len(parts):,} more" if total > len(parts) else ""
    return ", ".join(parts) + more
