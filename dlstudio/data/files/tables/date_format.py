"""Dates and times as people write them: one order of day and month for a column.

Does not import torch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
)
_DIGITS = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s+)?"
    r"(?P<first>\d{1,4})(?P<mark>[./-])(?P<second_part>\d{1,2})(?P=mark)(?P<last>\d{1,4})"
    rf"(?:[T,]?\s*{_CLOCK})?"
)
_YEAR_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})")
_NAMED = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s+)?"
    r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+(?P<name>[^\W\d_]{3,9})\.?,?[\s-]+"
    r"|(?P<name2>[^\W\d_]{3,9})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:[T,]?\s*{_CLOCK})?"
)
_TIME = re.compile(_CLOCK)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt",
         "nov", "dec dez"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_LONGEST = 60
_MARKS = re.compile(r"\d[-./:,\s]|[\s.]\d")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL_MONTHS = re.compile(
    r"jan(?:uar(?:y)?)?|feb(?:ruar(?:y)?)?|mar(?:ch)?|mär(?:z)?|mrz|apr(?:il)?|ma[iy]"
    r"|ju[nl](?:[iey])?|aug(?:ust)?|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?"
    r"|de[cz](?:ember)?",
)


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the dates of one column are written.

    Attributes:
        day_first: Whether `1/2/2024` is in February.
        is_sure: Whether a cell proves the order of day and month, or the marks do.
    """

    day_first: bool = True
    is_sure: bool = True

    def parse(self, text: str) -> float | None:
        """Return seconds since 1970 in UTC (a bare time: since midnight), or None."""
        if len(text) > _LONGEST or not _MARKS.search(text):
            return None
        try:
            moment = _parse_date(text, day_first=self.day_first)
        except (ValueError, OverflowError):
            return None
        return None if moment is None else (moment - _EPOCH).total_seconds()


def find_date_format(words: Iterable[str]) -> DateFormat:
    """Return the order of day and month that all dates of a column allow.

    Where each of them allows both, dots mean the day is first, and slashes that the month is.
    """
    marks = set()
    for word in words:
        match = _DIGITS.fullmatch(word)
        if match is None or len(match["first"]) > 2:
            continue
        marks.add(match["mark"])
        if int(match["first"]) > 12:
            return DateFormat(day_first=True)
        if int(match["second_part"]) > 12:
            return DateFormat(day_first=False)
    return DateFormat(day_first="/" not in marks, is_sure=not marks or marks == {"."})


def _parse_date(text: str, *, day_first: bool) -> datetime | None:
    if match := _DIGITS.fullmatch(text):
        day = _day_of_digits(match, day_first=day_first)
    elif match := _NAMED.fullmatch(text):
        day = _named_day(match)
    elif match := _TIME.fullmatch(text):
        day = _EPOCH
    elif match := _YEAR_MONTH.fullmatch(text):
        return datetime(int(match["year"]), int(match["month"]), 1, tzinfo=UTC)
    else:
        return None
    return None if day is None else _at_clock(day, match)


def _day_of_digits(match: re.Match[str], *, day_first: bool) -> datetime | None:
    first, middle, last = match["first"], int(match["second_part"]), match["last"]
    if len(first) == 4:
        return datetime(int(first), middle, int(last), tzinfo=UTC)
    if len(first) == 3 or len(last) not in (2, 4):
        return None
    day, month = (int(first), middle) if day_first else (middle, int(first))
    return datetime(_full_year(last), month, day, tzinfo=UTC)


def _named_day(match: re.Match[str]) -> datetime | None:
    name = (match["name"] or match["name2"]).lower()
    if _FULL_MONTHS.fullmatch(name) is None:
        return None
    day = int(match["day"] or match["day2"])
    return datetime(_full_year(match["year"]), _MONTHS[name[:3]], day, tzinfo=UTC)


def _full_year(digits: str) -> int:
    """Return a year; of two digits, 69 to 99 mean the last century, as in POSIX."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)


def _at_clock(day: datetime, match: re.Match[str]) -> datetime:
    if match["hour"] is None:
        return day
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of a half day")
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    fraction = float(f"0.{match['fraction'][1:]}") if match["fraction"] else 0.0
    moment = day.replace(
        hour=hour,
        minute=int(match["minute"]),
        second=int(match["second"] or 0),
        microsecond=int(fraction * 1e6),
    )
    zone = match["zone"]
    if zone in (None, "Z", "UTC"):
        return moment
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return moment.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))
