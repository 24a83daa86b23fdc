"""What a single cell looks like, before its column is known. Does not import torch."""

from __future__ import annotations

from dlstudio.data.files.tables.date_format import DateFormat
from dlstudio.data.files.tables.gap_words import NUMBER_GAPS, is_gap
from dlstudio.data.files.tables.number_format import is_number_in_some_format, parse_plain

_DATES = (DateFormat(day_first=True), DateFormat(day_first=False))


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any format."""
    return parse_plain(cell) is not None or is_number_in_some_format(cell)


def is_value(cell: str) -> bool:
    """Whether a cell is a number or a date in any format."""
    text = cell.strip()
    return is_number(text) or any(dates.parse(text) is not None for dates in _DATES)


def is_empty(cell: str) -> bool:
    """Whether a cell is empty or a word for that."""
    return is_gap(cell.strip(), NUMBER_GAPS)
