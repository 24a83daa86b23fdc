"""Random tables, written in many dialects, are read back equal."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.data.files.tables.column_types import TableColumn
from dlstudio.data.files.tables.records import DELIMITERS
from dlstudio.data.files.tables.table import read_table

WORDS = ("red", "dark green", "x, y", "a; b", 'the "old" one', "größer", "two\nlines", "5 rooms")
GAPS = ("", "NA", "n/a", "-", ".", "?")
Values = Sequence[object]


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    decimal: str
    thousands: str
    quoting: int
    line_end: str
    encoding: str
    header: bool
    separator_line: bool

    def number(self, value: float, digits: int) -> str:
        text = f"{value:,.{digits}f}" if self.thousands else f"{value:.{digits}f}"
        swapped = text.replace(",", "\0").replace(".", self.decimal)
        return swapped.replace("\0", self.thousands)


@dataclass(frozen=True)
class Column:
    type: str
    values: Values
    write: Callable[[Dialect, object], str]


def whole_numbers(rows: int) -> st.SearchStrategy[Column]:
    values = st.lists(st.integers(-9_999_999, 9_999_999), min_size=rows, max_size=rows)
    return values.map(lambda column: Column("number", column, lambda d, v: d.number(v, 0)))


def decimals(rows: int) -> st.SearchStrategy[Column]:
    cents = st.integers(-9_999_999, 9_999_999).map(lambda value: value / 100)
    values = st.lists(cents, min_size=rows, max_size=rows)
    return values.map(lambda column: Column("number", column, lambda d, v: d.number(v, 2)))


def words(rows: int) -> st.SearchStrategy[Column]:
    values = st.lists(st.sampled_from(WORDS), min_size=rows, max_size=rows)
    return values.map(lambda column: Column("category", column, lambda _, value: str(value)))


def dates(rows: int) -> st.SearchStrategy[Column]:
    days = st.integers(0, 20_000).map(lambda day: date(1975, 1, 13) + timedelta(day))
    values = st.lists(days, min_size=rows, max_size=rows)
    forms = st.sampled_from(("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y"))
    return st.builds(
        lambda column, form: Column("date", column, lambda _, value: value.strftime(form)),
        values,
        forms,
    )


def dialects() -> st.SearchStrategy[Dialect]:
    marks = st.sampled_from(((".", ""), (",", ""), (".", ","), (",", "."), (",", "\u202f")))
    return st.builds(
        lambda delimiter, mark, quoting, line_end, encoding, header, separator_line: Dialect(
            delimiter,
            *mark,
            quoting,
            line_end,
            encoding,
            header,
            separator_line and delimiter != "space",
        ),
        st.sampled_from(sorted(DELIMITERS)),
        marks,
        st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        st.sampled_from(("\n", "\r\n")),
        st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
        st.booleans(),
        st.booleans(),
    ).filter(lambda dialect: dialect.delimiter != "space" or dialect.decimal == ".")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Column], Dialect, dict[tuple[int, int], str]]:
    """Draw columns, a dialect, and a word for an empty cell at some places of numbers and dates."""
    rows = draw(st.integers(12, 30))
    kinds = st.sampled_from((whole_numbers, decimals, words, dates))
    columns = [
        draw(decimals(rows)),
        *(draw(kind(rows)) for kind in draw(st.lists(kinds, max_size=4))),
    ]
    columns.append(draw(words(rows)))
    dialect = draw(dialects())
    gap = draw(st.sampled_from(GAPS))
    if dialect.delimiter == "space" and not gap:
        gap = "NA"
    places = draw(st.sets(st.integers(1, rows - 1), max_size=3))
    gaps = {
        (row, index): gap
        for index, column in enumerate(columns)
        for row in places
        if column.type != "category"
    }
    return columns, dialect, gaps


def write(columns: list[Column], dialect: Dialect, gaps: dict[tuple[int, int], str]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(
        file,
        delimiter=DELIMITERS[dialect.delimiter],
        quoting=dialect.quoting,
        lineterminator=dialect.line_end,
    )
    if dialect.separator_line:
        file.write(f"sep={DELIMITERS[dialect.delimiter]}{dialect.line_end}")
    if dialect.header:
        writer.writerow(names_of(columns))
    for row in range(len(columns[0].values)):
        writer.writerow(
            gaps.get((row, index))
            if (row, index) in gaps
            else column.write(dialect, column.values[row])
            for index, column in enumerate(columns)
        )
    return file.getvalue().encode(dialect.encoding)


def names_of(columns: list[Column]) -> list[str]:
    return [f"{column.type} {'abcdefgh'[index]}" for index, column in enumerate(columns)]


def read_values(column: TableColumn, row: int) -> object:
    if column.missing[row]:
        return None
    if column.type == "number":
        assert column.numbers is not None
        return float(column.numbers[row])
    if column.type == "date":
        assert column.seconds is not None
        return date(1970, 1, 1) + timedelta(seconds=float(column.seconds[row]))
    return column.words[int(column.codes[row])]


@settings(max_examples=120, deadline=None)
@given(tables())
def test_a_table_is_read_back_equal_in_any_dialect(
    table: tuple[list[Column], Dialect, dict[tuple[int, int], str]],
) -> None:
    columns, dialect, gaps = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(write(columns, dialect, gaps))
        read = read_table(path)
    assert (read.delimiter, read.header) == (dialect.delimiter, dialect.header)
    assert [column.type for column in read.columns] == [column.type for column in columns]
    if dialect.header:
        assert list(read.names) == names_of(columns)
    rows = len(columns[0].values)
    assert len(read) == rows
    for index, (column, expected) in enumerate(zip(read.columns, columns, strict=True)):
        for row in range(rows):
            value = read_values(column, row)
            if (row, index) in gaps:
                assert value is None
            elif isinstance(value, float):
                assert math.isclose(value, float(str(expected.values[row])))
            else:
                assert value == expected.values[row]
    assert np.array_equal(read.rows, np.arange(rows))
