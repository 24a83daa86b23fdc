"""Decides whether the first rows of a table are names or units. Does not import torch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from dlstudio.data.files.tables.cell_types import is_empty, is_number, is_value

Cells = Sequence[str]
_UNIT = re.compile(r"[\[(].*[\])]|[^\d\s]{0,4}|[A-Za-z°µ%]+[/^·*]\S{1,8}")


class Evidence(IntEnum):
    """How much speaks for a row of names."""

    NONE = 0
    WEAK = 1
    """Its words are different and do not occur below."""
    STRONG = 2
    """It has words above values, or counts the columns."""


def header_evidence(first: Cells, rows: Sequence[Cells]) -> Evidence:
    """Return what speaks for the first row being names.

    Args:
        first: The row.
        rows: The rows below it, of the same width.
    """
    if not rows:
        is_named = all(cell.strip() and not is_value(cell) for cell in first)
        return Evidence.WEAK if is_named else Evidence.NONE
    columns = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    if _counts_columns(first) and not _counts_columns(rows[0]):
        return Evidence.STRONG
    numbers = [cell for cell in first if is_number(cell)]
    if numbers:
        is_named = _are_years(numbers) and not _are_years(list(filter(is_number, rows[0])))
        return Evidence.STRONG if is_named else Evidence.NONE
    if any(is_value(cell) for cell in first):
        return Evidence.NONE
    texts = [not is_empty(cell) for cell in first]
    if any(text and _is_mostly(below) for text, below in zip(texts, columns, strict=True)):
        return Evidence.STRONG
    distinct = len({cell.strip() for cell in first}) == len(first)
    recurs = any(cell.strip() in below for cell, below in zip(first, columns, strict=True))
    return Evidence.WEAK if distinct and not recurs else Evidence.NONE


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


def _are_years(numbers: Cells) -> bool:
    """Whether numbers are years in equal steps, as in `country,2000,2001`."""
    texts = [number.strip() for number in numbers]
    if len(texts) < 2 or not all(text.isdecimal() for text in texts):
        return False
    years = list(map(int, texts))
    steps = {after - before for before, after in pairwise(years)}
    return len(steps) == 1 and steps != {0} and all(1800 <= year <= 2200 for year in years)
