"""Types of settings that only data sources use. Does not import torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.layers.framework.settings import Setting

Point = tuple[float, float, int]

COLUMN_USES: Mapping[str, str] = {
    "number": "an input, read as a number",
    "category": "an input, one 0/1 feature for each category",
    "ordinal": "an input, categories numbered in sorted order",
    "date": "an input, a date as year, month, weekday, day number and hour",
    "calendar": "an input, a date as month and weekday only, each as sine and cosine",
    "class": "the target: one of several classes",
    "value": "the target: a number",
    "ignore": "not used",
}
"""Uses of a table's column, each with a description for the user."""
DATE_USES = ("date", "calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Setting):
    """Points placed by the user: a tuple of `(x, y, class)`."""

    maximum_classes: int = 10

    def parse(self, value: object) -> tuple[Point, ...]:
        """Accept triples of two finite coordinates and a class index."""
        if not isinstance(value, (tuple, list)):
            raise ValueError(f"{self.title} must be a list of points, not {value!r}")
        return tuple(self._parse_point(point) for point in value)

    def _parse_point(self, value: object) -> Point:
        if not isinstance(value, (tuple, list)) or len(value) != 3:
            raise ValueError(f"A point must be x, y and class, not {value!r}")
        x, y, label = value
        for coordinate in (x, y):
            if isinstance(coordinate, bool) or not isinstance(coordinate, (int, float)):
                raise ValueError(f"A coordinate must be a number, not {coordinate!r}")
            if not math.isfinite(coordinate):
                raise ValueError(f"A coordinate must be a finite number, not {coordinate!r}")
        if isinstance(label, float) and label.is_integer():
            label = int(label)
        if isinstance(label, bool) or not isinstance(label, int):
            raise ValueError(f"A point's class must be an integer, not {label!r}")
        if not 0 <= label < self.maximum_classes:
            last = self.maximum_classes - 1
            raise ValueError(f"A point's class must be in 0…{last}, not {label}")
        return float(x), float(y), label


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Setting):
    """The use of each column by name; that of missing columns is guessed."""

    def parse(self, value: object) -> Mapping[str, str]:
        """Accept a mapping of column names to keys of `COLUMN_USES`."""
        if not isinstance(value, Mapping):
            raise ValueError(f"{self.title} must map column names to uses, not {value!r}")
        for name, use in value.items():
            if use not in COLUMN_USES:
                uses = ", ".join(COLUMN_USES)
                raise ValueError(f"The use of column {name!r} must be one of {uses}, not {use!r}")
        return dict(value)
