"""Random dates in several formats, and in that of ISO 8601. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from dlstudio.data.core.vocabulary import Vocabulary

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
FORMATS = (
    "{day} {month} {year}", "{month} {day}, {year}", "{day} {short} {year}", "{short} {day} {year}",
    "{day}.{number}.{year}", "{number:02}/{day:02}/{year}", "{day}. {month} {year}",
    "{year} {short} {day}",
)  # fmt: skip
"""Templates of written dates."""
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2049, 12, 31)
"""Range of the dates, both included."""

CHARACTERS = Vocabulary(("", *sorted(" ,-./0123456789abcdefghijklmnopqrstuvwxyz")))
FORMATTED_LENGTH = 18
"""Characters in the longest format: `september 30, 2021`."""
ISO_LENGTH = 11
"""Characters of `2021-09-30` and the padding token that ends it."""


def random_dates(options: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return dates in random formats, and the same dates in ISO 8601."""
    rng = np.random.default_rng(options["seed"])
    count = options["samples"]
    days = rng.integers(0, (LAST_DAY - FIRST_DAY).days + 1, count)
    templates = rng.integers(0, len(FORMATS), count)
    calendar_days = [FIRST_DAY + timedelta(int(day)) for day in days]
    texts = [
        format_date(day, FORMATS[template])
        for day, template in zip(calendar_days, templates, strict=True)
    ]
    return texts, [day.isoformat() for day in calendar_days]


def format_date(day: date, template: str) -> str:
    """Return a date written in one of `FORMATS`."""
    month = _MONTHS[day.month - 1]
    return template.format(
        day=day.day, month=month, short=month[:3], number=day.month, year=day.year
    )
