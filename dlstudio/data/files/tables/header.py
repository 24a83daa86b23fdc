"""Decides whether the first rows of a table are names or units. Does not import torch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dlstudio.data.files.tables.cell_types import is_empty, is_number, is_value

Cells = Sequence[str]
_UNIT = re.compile(r"[\[(].*[\])]|[^\d\s]{0,4}|[A-Za-z°µ%]+[/^·*]\S{1,8}")


def has_header(first: Cells, rows: Sequence[Cells]) -> bool:
    """Guess whether the first row is text above values, counts the columns, or never recurs.

    Args:
        first: The row.
        rows: The rows below it, of the same width.
    """
    if not rows:
        return not any(map(is_value, first)) and all(cell.strip() for cell in first)
    columns = list(zip(*rows, strict=True))
    if _counts_columns(first) and not _counts_columns(rows[0]):
        return True
    texts = [not is_value(cell) and not is_empty(cell) for cell in first]
    valued = [_is_mostly(column) for column in columns]
    named = sum(text and below for text, below in zip(texts, valued, strict=True))
    if any(map(is_number, first)):
        return named > 0 and _are_years(first)
    if any(is_value(cell) for cell in first):
        return False
    if named:
        return True
    distinct = len({cell.strip() for cell in first}) == len(first)
    return distinct and not any(
        cell.strip() in {below.strip() for below in column}
        for cell, column in zip(first, columns, strict=True)
    )


def is_units_row(first: Cells, rows: Sequence[Cells]) -> bool:
    """Whether the row below the names holds units: no number where all others have one.

    Args:
        first: The row.
        rows: The rows below it, of the same width.
    """
    if len(rows) < 2:
        return False
    columns = list(zip(*rows, strict=True))
    valued = [_is_mostly(column) for column in columns]
    above = [cell.strip() for cell, below in zip(first, valued, strict=True) if below]
    if not any(above) or any(map(is_value, above)) or not all(map(_UNIT.fullmatch, above)):
        return False
    others = [
        (cell.strip(), column)
        for cell, below, column in zip(first, valued, columns, strict=True)
        if not below
    ]
    if any(cell and cell in {word.strip() for word in column} for cell, column in others):
        return False
    return any(cell[:1] in ("[", "(") for cell in above) or not any(map(is_empty, above))


def _is_mostly(column: Sequence[str]) -> bool:
    """Whether more than half of the cells that are not empty are numbers or dates."""
    filled = [cell for cell in column if not is_empty(cell)]
    return 2 * sum(map(is_value, filled)) > len(filled)


def _counts_columns(cells: Cells) -> bool:
    """Whether a row counts 0, 1, 2 … as a table without names of its columns is saved."""
    digits = [cell.strip() for cell in cells]
    if digits and not digits[0].isdecimal():
        digits = digits[1:]
    if len(digits) < 3 or not all(cell.isdecimal() for cell in digits):
        return False
    numbers = list(map(int, digits))
    starts = numbers[0] == 0 or (numbers[0] == 1 and len(numbers) >= 5)
    return starts and all(after - before == 1 for before, after in pairwise(numbers))


def _are_years(cells: Cells) -> bool:
    """Whether all numbers of a row are different years, as in `country,2000,2001`."""
    numbers = [cell.strip() for cell in cells if is_number(cell)]
    return len(set(numbers)) == len(numbers) and all(
        number.isdecimal() and 1800 <= int(number) <= 2200 for number in numbers
    )
