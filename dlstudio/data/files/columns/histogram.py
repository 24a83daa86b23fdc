"""A small histogram of one column of a table. Imports no torch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from dlstudio.data.files.tables.column_builder import Numbers
from dlstudio.data.files.tables.column_types import TableColumn, number_text

_BINS = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of one column.

    Attributes:
        counts: Number of cells in each bar.
        labels: The word of each bar, in the order of their frequency; empty for numbers and dates,
            whose bars are bins of equal width between `low` and `high`.
        low: The smallest value or the earliest date as text, empty for words.
        high: The largest value or the latest date as text, empty for words.
    """

    counts: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    low: str = ""
    high: str = ""


def histogram_of(column: TableColumn, words: Counter[str], values: Numbers) -> Histogram:
    """Return the histogram of a column.

    Args:
        column: The column.
        words: Number of cells by word, of a column of words.
        values: The numbers, or seconds since 1970, of the cells that have one.
    """
    if column.type == "category":
        frequent = words.most_common(_BINS)
        return Histogram(tuple(times for _, times in frequent), tuple(word for word, _ in frequent))
    if not len(values):
        return Histogram()
    low, high = float(values.min()), float(values.max())
    span = high - low
    whole = column.type == "number" and span < _BINS and bool((values == np.round(values)).all())
    bins = int(span) + 1 if whole else _BINS if span else 1
    places = values - low if whole else (values - low) / span * bins if span else values * 0
    counts = np.bincount(np.minimum(places.astype(np.int64), bins - 1), minlength=bins)
    text = _short_number if column.type == "number" else date_text
    return Histogram(tuple(counts.tolist()), (), text(low), text(high))


def date_text(seconds: float) -> str:
    """Return a moment as date, with time where it is not midnight; as a time in 1970."""
    moment = _EPOCH + timedelta(seconds=seconds)
    if 0 <= seconds < 86_400:
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if seconds % 86_400 == 0 else f"{moment:%Y-%m-%d %H:%M}"


def _short_number(value: float) -> str:
    return number_text(value) if value.is_integer() else f"{value:.5g}"
