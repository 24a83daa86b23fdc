"""Ranges of numbers and dates as texts that fit above a column. Imports no Qt."""

from __future__ import annotations

import math
from datetime import datetime

MAX_LENGTH = 21
"""Length of the longest text."""
_MAX_PLAIN, _MIN_PLAIN = 1e6, 1e-3
_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M")
_DAYS_OF_MONTHS, _DAYS_OF_YEARS = 62, 730


def number_range(low: float, high: float, decimal: str = ".") -> str:
    """Return `28 – 190`: as many digits as their difference needs.

    Numbers far from zero that lie close together are shown as the first and the difference:
    `1.7e9 + 143`.
    """
    if low == high:
        return _sign(_plain(low, 6), decimal)
    decimals = 1 - math.floor(math.log10(max(high - low, 1e-300)))
    largest = max(abs(low), abs(high))
    if _MIN_PLAIN <= largest < _MAX_PLAIN and decimals <= 6:
        texts = [_rounded(value, max(decimals, 0)) for value in (low, high)]
        while all(text.endswith("0") and "." in text for text in texts):
            texts = [text[:-1].removesuffix(".") for text in texts]
    elif largest >= _MAX_PLAIN and high - low < 0.01 * largest:
        return _sign(f"{_exponent(low)} + {_plain(high - low, 3)}", decimal)
    else:
        texts = [_plain(value, 3) for value in (low, high)]
    text = _sign(" – ".join(texts), decimal)
    if len(text) > MAX_LENGTH or texts[0] == texts[1]:
        text = _sign(f"{_plain(low, 3)} + {_plain(high - low, 3)}", decimal)
    return text


def date_range(low: str, high: str) -> str:
    """Return `Feb – Sep 2026` for dates written as `2026-02-01` or `2026-02-01 08:00`."""
    first, last = _parse(low), _parse(high)
    if first is None or last is None:
        return f"{low} – {high}" if low != high else low
    days = (last - first).days
    if low == high:
        return low
    if first.date() == last.date():
        return f"{first:%H:%M} – {last:%H:%M}"
    if days >= _DAYS_OF_YEARS:
        return f"{first.year} – {last.year}"
    is_one_year = first.year == last.year
    if days >= _DAYS_OF_MONTHS:
        return f"{first:%b} – {last:%b} {last.year}" if is_one_year else _months(first, last)
    return f"{first.day} {first:%b} – {last.day} {last:%b} {last.year}"


def _months(first: datetime, last: datetime) -> str:
    return f"{first:%b} {first.year} – {last:%b} {last.year}"


def _parse(text: str) -> datetime | None:
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def _rounded(value: float, decimals: int) -> str:
    """Return a number with so many decimals, or two digits of one that would become 0."""
    text = f"{value:.{decimals}f}"
    return _plain(value, 2) if value and float(text) == 0 else text


def _plain(value: float, digits: int) -> str:
    """Return a number with so many significant digits, with an exponent where it is shorter."""
    size = abs(value)
    if value and not _MIN_PLAIN <= size < _MAX_PLAIN:
        return _exponent(value)
    decimals = max(digits - 1 - math.floor(math.log10(size)), 0) if size else 0
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exponent(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _sign(text: str, decimal: str) -> str:
    """Return the text with a true minus sign, without a negative zero, and its decimal sign."""
    parts = [("0" if float(part) == 0 else part) if _is_number(part) else part
             for part in text.split(" ")]  # fmt: skip
    return " ".join(parts).replace("e-", "e−").replace(".", decimal).replace("-", "−")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
