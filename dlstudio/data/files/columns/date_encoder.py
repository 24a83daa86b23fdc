"""Encodes a column of dates as a few numbers, by what varies in them. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.data.files.columns.histogram import date_text
from dlstudio.data.files.tables.column_builder import Numbers
from dlstudio.data.files.tables.column_types import TableColumn

Floats = npt.NDArray[np.float32]
_DAY = 86_400.0
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""


def _years(seconds: Numbers) -> Numbers:
    return _moments(seconds).astype("datetime64[Y]").astype(np.float64) + 1970


def _months(seconds: Numbers) -> Numbers:
    return _moments(seconds).astype("datetime64[M]").astype(np.float64) % 12 + 1


def _weekdays(seconds: Numbers) -> Numbers:
    return (np.floor(seconds / _DAY) + _EPOCH_WEEKDAY) % 7


def _days(seconds: Numbers) -> Numbers:
    return np.floor(seconds / _DAY)


def _hours(seconds: Numbers) -> Numbers:
    return seconds % _DAY / 3600


def _moments(seconds: Numbers) -> npt.NDArray[np.datetime64]:
    return np.floor(seconds).astype("datetime64[s]")


DATE_PARTS: Mapping[str, Callable[[Numbers], Numbers]] = {
    "year": _years,
    "month": _months,
    "weekday": _weekdays,
    "day number": _days,
    "hour": _hours,
}
"""Numbers that a date gives: the month from 1, the weekday from Monday as 0, the day number from
the first training day, the hour with its fraction."""


CALENDAR_PARTS: Mapping[str, float] = {"month": 12.0, "weekday": 7.0}
"""Parts that repeat, with their period: sine and cosine keep December beside January."""


@dataclass(frozen=True, slots=True)
class DateEncoder:
    """The parts of a date that vary in the training rows; a missing date becomes their median.

    Attributes:
        name: The column's name.
        parts: Keys of `DATE_PARTS`.
        fill: The median in seconds since 1970.
        first_day: The day in days since 1970 from which days are counted.
        is_cyclic: Whether each part becomes the sine and the cosine of its place in its period.
    """

    name: str
    parts: tuple[str, ...]
    fill: float
    first_day: float
    is_cyclic: bool = False
    is_indicator: bool = False

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One feature for each part, such as `when: month`, or two: `when: month sin`, `… cos`."""
        ends = (" sin", " cos") if self.is_cyclic else ("",)
        return tuple(f"{self.name}: {part}{end}" for part in self.parts for end in ends)

    @property
    def fill_text(self) -> str:
        """The median date."""
        return date_text(self.fill)

    def encode(self, column: TableColumn) -> Floats:
        """Return the parts, missing dates filled."""
        assert column.seconds is not None, f"{self.name} has no dates"
        filled = np.where(column.missing, self.fill, column.seconds)
        columns: list[Numbers] = []
        for part in self.parts:
            numbers = DATE_PARTS[part](filled)
            if self.is_cyclic:
                angles = 2 * np.pi * numbers / CALENDAR_PARTS[part]
                columns += [np.sin(angles), np.cos(angles)]
            else:
                columns.append(numbers - (self.first_day if part == "day number" else 0.0))
        return np.stack(columns, axis=1).astype(np.float32)


def fit_date_encoder(training: TableColumn, use: str = "date") -> DateEncoder:
    """Fit the encoder of a column of dates to its training rows.

    Args:
        training: The cells of the training rows.
        use: `date`, or `calendar` for month and weekday only.
    """
    assert training.seconds is not None, f"{training.name} has no dates"
    present = training.seconds[~training.missing]
    is_cyclic = use == "calendar"
    constant = tuple(CALENDAR_PARTS) if is_cyclic else ("day number",)
    if not len(present):
        return DateEncoder(training.name, constant, 0.0, 0.0, is_cyclic)
    parts = tuple(
        part
        for part in (CALENDAR_PARTS if is_cyclic else DATE_PARTS)
        if len(np.unique(DATE_PARTS[part](present))) > 1
    )
    fill = float(np.sort(present)[len(present) // 2])
    first_day = float(_days(present).min())
    return DateEncoder(training.name, parts or constant, fill, first_day, is_cyclic)
