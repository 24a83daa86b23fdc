"""Decides for each column of a table, from all its cells, what they mean. Does not import torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from dlstudio.data.files.tables.column_builder import Codes, Numbers, RawColumn, to_plain_numbers
from dlstudio.data.files.tables.date_format import DateFormat, find_date_format
from dlstudio.data.files.tables.gap_words import (
    CERTAIN_GAPS,
    CLASSIC_GAPS,
    NUMBER_GAPS,
    category_gaps,
    is_gap,
)
from dlstudio.data.files.tables.number_format import NumberFormat, find_format, parse_plain

Int64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_MIN_SHARE = 0.9
"""Share of the filled cells that must be numbers or dates for the column to be one."""
_MIN_SHARE_BESIDE_A_WORD = 0.5


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table.

    Attributes:
        type: `number`, `date` or `category`.
        missing: Whether each cell is empty (N,).
        words: The different cells as written; empty for a column of many different numbers.
        codes: Index of each cell's word (N,), also of gaps; empty without words.
        numbers: Each cell as a number (N,), NaN if it is none; None if the column has none.
        seconds: Each cell as seconds since 1970 (N,), NaN if it is no date; None without dates.
        gap_counts: Number of cells by word for an empty cell.
    """

    name: str
    type: str
    missing: Flags
    words: tuple[str, ...]
    codes: Codes
    numbers: Numbers | None = None
    seconds: Numbers | None = None
    number_format: NumberFormat = field(default_factory=NumberFormat)
    date_format: DateFormat = field(default_factory=DateFormat)
    gap_counts: Mapping[str, int] = field(default_factory=dict)

    def select(self, rows: Int64) -> TableColumn:
        """Return the column in these rows."""
        return replace(
            self,
            missing=self.missing[rows],
            codes=self.codes[rows] if len(self.codes) else self.codes,
            numbers=None if self.numbers is None else self.numbers[rows],
            seconds=None if self.seconds is None else self.seconds[rows],
        )

    def word_counts(self) -> Counter[str]:
        """Return the number of cells by word, without gaps; empty for a column without words."""
        if not len(self.codes):
            return Counter()
        times = np.bincount(self.codes[~self.missing], minlength=len(self.words))
        return Counter({self.words[code]: int(times[code]) for code in np.flatnonzero(times)})

    def count_distinct(self) -> int:
        """Return the number of different values, without gaps."""
        values = self.numbers if self.type == "number" else self.seconds
        if values is None:
            return len(self.word_counts())
        return len(np.unique(values[~self.missing & np.isfinite(values)]))


def number_text(value: float) -> str:
    """Return a number as text, without `.0` if it is whole."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


@dataclass(frozen=True, slots=True)
class ColumnRules:
    """What the columns of one file have in common.

    Attributes:
        version: 1 reads cells as the first version did.
        usual_decimal: The decimal sign that the file's first rows prove, or empty.
        set_decimal: The sign set by the user, or empty.
        decimal_comma: Whether `1,234` alone has decimals, as where semicolons delimit.
    """

    version: int
    usual_decimal: str
    set_decimal: str
    decimal_comma: bool

    @property
    def plain_decimal(self) -> str:
        """The sign by which numbers are read as programs write them."""
        if self.version == 1:
            return "," if self.decimal_comma else "."
        return self.set_decimal or self.usual_decimal or "."

    @property
    def number_gaps(self) -> frozenset[str]:
        """The words for an empty cell in a column of numbers."""
        return CLASSIC_GAPS if self.version == 1 else NUMBER_GAPS


def decide_columns(
    names: Sequence[str], raw: Sequence[RawColumn], rules: ColumnRules
) -> tuple[TableColumn, ...]:
    """Return the columns with their types, the same for all cells of a column."""
    columns = [
        _number_column(name, cells, rules) or _date_column(name, cells, rules)
        for name, cells in zip(names, raw, strict=True)
    ]
    gaps_of_numbers = frozenset(
        word for column in columns if column is not None for word in column.gap_counts
    )
    return tuple(
        column or _word_column(name, cells, rules, gaps_of_numbers)
        for column, name, cells in zip(columns, names, raw, strict=True)
    )


def _number_column(name: str, raw: RawColumn, rules: ColumnRules) -> TableColumn | None:
    """Return a column of numbers, None if too few of its cells are numbers."""
    plain = NumberFormat(rules.plain_decimal)
    if raw.numbers is not None:
        missing = np.isnan(raw.numbers)
        return TableColumn(
            name, "number", missing, (), raw.codes, raw.numbers,
            number_format=plain, gap_counts=raw.gap_counts,
        )  # fmt: skip
    counts = _counts(raw)
    gaps = {word for word in raw.words if is_gap(word, rules.number_gaps)}
    present = {word: times for word, times in counts.items() if word not in gaps and times}
    if not present or (rules.version > 1 and _are_mostly_gaps(counts, gaps)):
        return None
    values = to_plain_numbers(raw.words, plain.decimal, rules.number_gaps, Counter())
    if values is None:
        if rules.version > 1:
            plain = _find_format(present, rules)
        values = _parse(raw.words, plain, gaps, rules)
        known = dict(zip(raw.words, ~np.isnan(values), strict=True))
        others = [word for word in present if not known[word]]
        total = sum(present.values())
        numbers = total - sum(present[word] for word in others)
        if numbers < _MIN_SHARE * total:
            if not _is_gap_word(others, numbers, total, rules):
                return None
            gaps.add(others[0])
    return _numbers_of_words(name, raw, values, plain, gaps)


def as_numbers(column: TableColumn, rules: ColumnRules) -> TableColumn:
    """Return a column of words or dates as numbers, NaN for what is none."""
    raw = RawColumn(column.words, column.codes)
    counts = _counts(raw)
    gaps = {word for word in raw.words if is_gap(word, rules.number_gaps)}
    present = {word: times for word, times in counts.items() if word not in gaps and times}
    number_format = NumberFormat() if rules.version == 1 else _find_format(present, rules)
    values = _parse(raw.words, number_format, gaps, rules)
    return _numbers_of_words(column.name, raw, values, number_format, gaps)


def as_dates(column: TableColumn) -> TableColumn:
    """Return a column of words or numbers as dates, NaN for what is none."""
    raw = RawColumn(column.words, column.codes)
    gaps = {word for word in raw.words if is_gap(word, NUMBER_GAPS)}
    return _dates_of_words(column.name, raw, find_date_format(set(raw.words) - gaps), gaps)


def _numbers_of_words(
    name: str, raw: RawColumn, values: Numbers, number_format: NumberFormat, gaps: set[str]
) -> TableColumn:
    counts = _counts(raw)
    is_missing = np.array([word in gaps for word in raw.words], np.bool_)
    return TableColumn(
        name, "number", is_missing[raw.codes], raw.words, raw.codes, values[raw.codes],
        number_format=number_format,
        gap_counts={word: counts[word] for word in gaps if word and counts[word]},
    )  # fmt: skip


def _dates_of_words(
    name: str, raw: RawColumn, date_format: DateFormat, gaps: set[str]
) -> TableColumn:
    counts = _counts(raw)
    parsed = [None if word in gaps else date_format.parse(word) for word in raw.words]
    seconds = np.array([np.nan if value is None else value for value in parsed], np.float64)
    is_missing = np.array([word in gaps for word in raw.words], np.bool_)
    return TableColumn(
        name, "date", is_missing[raw.codes], raw.words, raw.codes, seconds=seconds[raw.codes],
        date_format=date_format,
        gap_counts={word: counts[word] for word in gaps if word and counts[word]},
    )  # fmt: skip


def _are_mostly_gaps(counts: Mapping[str, int], gaps: set[str]) -> bool:
    """Whether most filled cells hold a word that may also be a class, such as `none`."""
    doubtful = sum(counts[word] for word in gaps if not is_gap(word, CERTAIN_GAPS))
    filled = sum(times for word, times in counts.items() if not is_gap(word, CERTAIN_GAPS))
    return 2 * doubtful > filled


def _is_gap_word(others: Sequence[str], numbers: int, total: int, rules: ColumnRules) -> bool:
    """Whether all cells that are not numbers hold one word without digits."""
    return (
        rules.version > 1
        and len(others) == 1
        and numbers >= _MIN_SHARE_BESIDE_A_WORD * total
        and not any(character.isdigit() for character in others[0])
    )


def _find_format(present: Mapping[str, int], rules: ColumnRules) -> NumberFormat:
    default = "," if rules.decimal_comma else "."
    return find_format(present, rules.usual_decimal, default=default, decimal=rules.set_decimal)


def _parse(
    words: Sequence[str], number_format: NumberFormat, gaps: set[str], rules: ColumnRules
) -> Numbers:
    values = []
    for word in words:
        number = None
        if word not in gaps:
            number = (
                parse_plain(word, decimal_comma=rules.decimal_comma)
                if rules.version == 1
                else number_format.parse(word)
            )
        values.append(np.nan if number is None else number)
    return np.array(values, np.float64)


def _date_column(name: str, raw: RawColumn, rules: ColumnRules) -> TableColumn | None:
    """Return a column of dates, None if too few of its cells are dates."""
    if rules.version == 1:
        return None
    counts = _counts(raw)
    gaps = {word for word in raw.words if is_gap(word, NUMBER_GAPS)}
    present = {word: times for word, times in counts.items() if word not in gaps and times}
    if not present or _are_mostly_gaps(counts, gaps):
        return None
    sample = list(present)[:20]
    if not any(_parses(word) for word in sample):
        return None
    column = _dates_of_words(name, raw, find_date_format(present), gaps)
    assert column.seconds is not None
    dates = int(np.isfinite(column.seconds).sum())
    return column if dates >= _MIN_SHARE * sum(present.values()) else None


def _parses(word: str) -> bool:
    return any(DateFormat(day_first=first).parse(word) is not None for first in (True, False))


def _word_column(
    name: str, raw: RawColumn, rules: ColumnRules, gaps_of_numbers: frozenset[str]
) -> TableColumn:
    counts = _counts(raw)
    if rules.version == 1:
        gaps = {word for word in raw.words if is_gap(word, CLASSIC_GAPS)}
    else:
        gaps = set(category_gaps(frozenset(raw.words), gaps_of_numbers))
    is_missing = np.array([word in gaps for word in raw.words], np.bool_)
    return TableColumn(
        name, "category", is_missing[raw.codes], raw.words, raw.codes,
        gap_counts={word: counts[word] for word in gaps if word},
    )  # fmt: skip


def _counts(raw: RawColumn) -> dict[str, int]:
    times = np.bincount(raw.codes, minlength=len(raw.words)).tolist()
    return dict(zip(raw.words, times, strict=True))
