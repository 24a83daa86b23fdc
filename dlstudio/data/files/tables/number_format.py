"""Numbers as people write them: one format for all cells of a column. Does not import torch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

MAX_FLOAT32 = 3.4e38
"""Networks compute in float32, where anything larger becomes infinite."""
_CURRENCY = (
    "€$£¥₹₽₩₺₪฿",
    "EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|Fr\\.|kr\\.?|zł|Kč|R\\$|US\\$",
)
_CURRENCY_SIGN = re.compile(rf"[{_CURRENCY[0]}]|(?<![A-Za-z])(?:{_CURRENCY[1]})(?![A-Za-z])", re.I)
_START = re.compile(rf"\W*(?:(?:{_CURRENCY[1]})\W*)?[{_CURRENCY[0]}]?\W*[0-9]", re.IGNORECASE)
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u2008\u2005", " "))
_MINUS_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'"})
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)(?P<exponent>[eE][+-]?[0-9]+)?"
)
_GROUPS = {
    mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{2,3}})*{re.escape(mark)}[0-9]{{3}}")
    for mark in ".,' "
}


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of one column are written.

    Attributes:
        decimal: `.` or `,`.
        percent: Whether each number ends in a percent sign, which is dropped.
        currency: The sign of money that is dropped from the numbers, empty if they have none.
        groups: Whether some numbers have marks between thousands.
        is_sure: Whether a cell proves the decimal sign; `1,234` alone does not.
    """

    decimal: str = "."
    percent: bool = False
    currency: str = ""
    groups: bool = False
    is_sure: bool = True

    def parse(self, text: str) -> float | None:
        """Return the number in a cell, None if it is none in this format."""
        parts = _split_signs(text)
        if parts is None or parts.percent != self.percent:
            return None
        if parts.currency and parts.currency != self.currency:
            return None
        return _to_float(parts, self.decimal)


@dataclass(frozen=True, slots=True)
class _Parts:
    sign: str
    body: str
    exponent: str
    percent: bool
    currency: str


def parse_plain(text: str, *, decimal_comma: bool = False) -> float | None:
    """Return a number without marks and signs, as programs write it, or None.

    `3,14` counts as a number with `decimal_comma`.
    """
    if decimal_comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= MAX_FLOAT32 and "_" not in text else None


def is_number_in_some_format(text: str) -> bool:
    """Whether a cell can be read as a number with either decimal sign."""
    parts = _split_signs(text)
    return parts is not None and any(_to_float(parts, mark) is not None for mark in ".,")


def find_format(
    counts: Mapping[str, int], usual_decimal: str = "", *, default: str = ".", decimal: str = ""
) -> NumberFormat:
    """Return the format that reads most cells of a column.

    Args:
        counts: Number of cells by word.
        usual_decimal: The decimal sign of the rest of the file, empty if it is unknown.
        default: The decimal sign if nothing proves that the comma in `1,234` is another mark.
        decimal: The sign set by the user, empty to decide by the cells.
    """
    parsed = {word: parts for word in counts if (parts := _split_signs(word)) is not None}
    total = sum(counts[word] for word in parsed)
    percent = 2 * sum(counts[word] for word, parts in parsed.items() if parts.percent) > total
    money: Counter[str] = Counter()
    for word, parts in parsed.items():
        if parts.currency:
            money[parts.currency] += counts[word]
    evidence = decimal_evidence(counts)
    sure = evidence["."] != evidence[","]
    chosen = decimal or (max(".,", key=lambda sign: evidence[sign]) if sure else usual_decimal)
    chosen = chosen or (default if evidence["group ,"] else ".")
    return NumberFormat(
        chosen,
        percent,
        money.most_common(1)[0][0] if money else "",
        any(_has_groups(parts.body, chosen) for parts in parsed.values()),
        sure or bool(decimal) or not (evidence["group ,"] or evidence["group ."]),
    )


def decimal_evidence(counts: Mapping[str, int]) -> Counter[str]:
    """Return the number of cells that prove `.` or `,` to be the decimal sign.

    `group ,` and `group .` count those such as `1,234`, where the mark may be either.
    """
    evidence: Counter[str] = Counter()
    for word, times in counts.items():
        parts = _split_signs(word)
        if parts is not None:
            evidence[_proof(parts.body)] += times
    return evidence


def _split_signs(text: str) -> _Parts | None:
    """Return what a cell consists of, None if it is no number in any format."""
    if _START.match(text) is None:
        return None
    if not text.isascii():
        text = text.translate(_BLANKS).translate(_MINUS_SIGNS).translate(_APOSTROPHES)
    text = text.replace("`", "'").strip()
    percent = text.endswith("%")
    if percent:
        text = text[:-1].rstrip()
    currency = ""
    if sign := _CURRENCY_SIGN.search(text):
        currency = sign.group()
        text = (text[: sign.start()] + text[sign.end() :]).strip()
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1].strip()}"
    elif text.endswith("-"):
        text = f"-{text[:-1].rstrip()}"
    if text[:1] in ("+", "-"):
        text = text[0] + text[1:].lstrip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return _Parts(match["sign"], match["body"].rstrip(), match["exponent"] or "", percent, currency)


def _proof(body: str) -> str:
    """Return the decimal sign that a number proves, `group ,` if it proves none, else empty."""
    last = max(body.rfind("."), body.rfind(","))
    if last < 0:
        return ""
    mark = body[last]
    other = "," if mark == "." else "."
    if body.count(mark) > 1:
        return other if _GROUPS[mark].fullmatch(body) else ""
    whole = body[:last]
    if other in body or " " in body or "'" in body:
        return mark
    is_group = len(body) - last == 4 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return f"group {mark}" if is_group else mark


def _has_groups(body: str, decimal: str) -> bool:
    whole = body.rsplit(decimal, 1)[0] if decimal in body else body
    return any(mark in whole for mark in ".,' " if mark != decimal)


def _to_float(parts: _Parts, decimal: str) -> float | None:
    whole, _, fraction = parts.body.partition(decimal)
    marks = {mark for mark in ".,' " if mark in whole and mark != decimal}
    if len(marks) > 1 or any(mark in fraction for mark in ".,' "):
        return None
    for mark in marks:
        if not _GROUPS[mark].fullmatch(whole):
            return None
        whole = whole.replace(mark, "")
    value = float(f"{parts.sign}{whole or '0'}.{fraction or '0'}{parts.exponent}")
    return value if abs(value) <= MAX_FLOAT32 else None
