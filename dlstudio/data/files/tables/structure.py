"""Finds delimiter, header and first row of a table from its first records.

Does not import torch.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.files.tables.cell_types import is_empty, is_number, is_value
from dlstudio.data.files.tables.header import Evidence, header_evidence, is_units_row
from dlstudio.data.files.tables.number_format import decimal_evidence
from dlstudio.data.files.tables.records import DELIMITERS, Record, iterate_records

Cells = Sequence[str]
_SNIFFED_RECORDS = 100
_SNIFFED_LENGTH = 1 << 18
_SNIFFED_CELLS = 50_000
_HEAD_RECORDS = 1000
_HEAD_LENGTH = 1 << 22
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<mark>[,;|\t ])"?\s*(?:\n|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Structure:
    """Where the rows of a table begin and what its columns are called.

    Attributes:
        delimiter: Key of `DELIMITERS`.
        decimal: `.` or `,` where most numbers of the first rows prove it, else empty.
        header: Whether a row names the columns.
        names: Name of each column, None if it has none.
        start: Offset of the first row after the header.
        line: Line number of that row.
        left_out: Lines before the rows that are neither header nor row.
        notes: Lines for the user on decisions that may be wrong.
    """

    delimiter: str
    decimal: str
    header: bool
    names: tuple[str | None, ...]
    start: int
    line: int
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...] = ()


def width_reason(count: int, width: int) -> str:
    """Return why a row with `count` cells is left out of a table of another width."""
    return f"{count} cell{'' if count == 1 else 's'} instead of {width}"


def _name(cell: str) -> str | None:
    """Return the name of a column in one line, None if it is empty."""
    return re.sub(r"\s*\n\s*", " ", cell.strip()) or None


class StructureError(Exception):
    """The text is not a table, or contradicts the options; the message completes a sentence."""


def find_structure(text: str, delimiter: str = "auto", header: str = "auto") -> Structure:
    """Return the structure of the table in a text.

    Args:
        text: The whole text.
        delimiter: Key of `DELIMITERS`, or `auto`.
        header: `yes`, `no` or `auto`.

    Raises:
        StructureError: There are no records, or the header does not fit.
    """
    start, line, left_out = 0, 1, []
    separator_line = _SEPARATOR_LINE.match(text)
    if separator_line:
        start, line = separator_line.end(), 2
        left_out = [LeftOut("row", "line 1", "it only names the delimiter")]
        if delimiter == "auto":
            marks = {mark: word for word, mark in DELIMITERS.items()}
            delimiter = marks[separator_line["mark"]]
    if delimiter == "auto":
        delimiter = find_delimiter(text, start)
    head = _read_head(text, delimiter, start, line)
    if not head:
        raise StructureError("has no rows. A table needs one sample per line")
    return _Head(head, delimiter, header).structure(tuple(left_out))


def find_delimiter(text: str, start: int = 0) -> str:
    """Return the delimiter that splits most records into equally many, meaningful cells."""
    best, best_score = "comma", 0.0
    for word in DELIMITERS:
        sample = _sample(text, word, start, _SNIFFED_RECORDS, _SNIFFED_LENGTH)
        rows = [record.cells for record in sample if record.cells is not None]
        width, times = _usual_width(rows)
        if width < 2:
            continue
        fitting = [cells for cells in rows if len(cells) == width]
        cells = [cell for row in fitting[-20:] for cell in row[:200]]
        meaningful = sum(_meaning(cell, word) for cell in cells) / len(cells)
        score = times / len(rows) * meaningful + min(width, 500) / 10_000
        if word == "space":
            score *= 0.9
        if score > best_score:
            best, best_score = word, score
    return "semicolon" if best == "comma" and _is_single_column(text, start) else best


def _is_single_column(text: str, start: int) -> bool:
    """Whether a word stands above numbers that all have one comma: decimals, not two columns."""
    rows = [record.cells or [] for record in _sample(text, "comma", start, _SNIFFED_RECORDS, 0)]
    if len(rows) < 3 or len(rows[0]) != 1 or is_number(rows[0][0]):
        return False
    pairs = rows[1:]
    if not all(len(cells) == 2 and all(map(str.isdecimal, cells)) for cells in pairs):
        return False
    return len({int(after[0]) - int(cells[0]) for cells, after in pairwise(pairs)}) > 1


def _meaning(cell: str, delimiter: str) -> float:
    """Return 1 for a number, a date or nothing, less for words, least for what looks unsplit."""
    if is_value(cell) or is_empty(cell):
        return 1.0
    others = (mark for word, mark in DELIMITERS.items() if word not in (delimiter, "space"))
    return 0.4 if any(mark in cell for mark in others) else 0.9


def _usual_width(rows: Sequence[Cells]) -> tuple[int, int]:
    """Return the most frequent number of cells, and how many rows have it."""
    widths = Counter(map(len, rows))
    return max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))


def _sample(text: str, delimiter: str, start: int, count: int, length: int) -> list[Record]:
    """Return the first records, fewer if they are long."""
    records: list[Record] = []
    for record in islice(iterate_records(text, delimiter, 0, start), count):
        if len(records) > 20 and record.start - start > length:
            break
        records.append(record)
    return records


def _read_head(text: str, delimiter: str, start: int, line: int) -> list[Record]:
    rows = [
        record.cells
        for record in _sample(text, delimiter, start, _HEAD_RECORDS, _HEAD_LENGTH)
        if record.cells is not None
    ]
    width, _ = _usual_width(rows)
    head: list[Record] = []
    for record in islice(iterate_records(text, delimiter, width, start, line), _HEAD_RECORDS):
        if len(head) > 20 and record.start - start > _HEAD_LENGTH:
            break
        head.append(record)
    return head


class _Head:
    """The first records of a table, for finding its header and first row."""

    def __init__(self, records: list[Record], delimiter: str, header: str) -> None:
        self._records = [record for record in records if record.cells is not None]
        self._delimiter = delimiter
        self._header = header
        self._rows = [record.cells or [] for record in self._records]
        self._width, _ = _usual_width(self._rows)

    def structure(self, left_out: tuple[LeftOut, ...]) -> Structure:
        """Return the structure, with `left_out` before what is found here."""
        if not self._rows:
            raise StructureError("has no rows. A table needs one sample per line")
        first = next(row for row, cells in enumerate(self._rows) if len(cells) == self._width)
        names, notes = self._names_of_other_width(first)
        body = first
        if names is None and self._has_header(first):
            names, body = list(map(_name, self._rows[first])), first + 1
        preamble = first - (names is not None and body == first)
        dropped = [
            *left_out,
            *(self._left_out(row, self._other_width(row)) for row in range(preamble)),
        ]
        if names is not None and self._header != "no" and self._has_units(body):
            dropped.append(self._left_out(body, "it holds units, not a sample"))
            body += 1
        rest = self._records[body:]
        last = self._records[-1]
        return Structure(
            self._delimiter,
            self._decimal(self._rows[body:]),
            names is not None,
            tuple(names or [None] * self._width),
            rest[0].start if rest else -1,
            rest[0].line if rest else last.line + 1,
            tuple(dropped),
            tuple(notes),
        )

    def _names_of_other_width(self, first: int) -> tuple[list[str | None] | None, list[str]]:
        """Return the names in a header with more or fewer cells than the rows, None without."""
        if first == 0 or self._header == "no":
            return None, []
        cells = [_name(cell) or "" for cell in self._rows[first - 1]]
        while len(cells) > self._width and not cells[-1]:
            cells.pop()
        if not any(cells) or (self._header == "auto" and any(map(is_number, cells))):
            return None, []
        names: list[str | None] = [cell or None for cell in cells]
        if len(names) == self._width:
            return names, []
        fitting = self._with_unnamed_column(names, first)
        if fitting is not None or self._evidence(first) > Evidence.NONE:
            return fitting, []
        return None, self._unfitting_names(first - 1, len(names))

    def _with_unnamed_column(self, names: list[str | None], first: int) -> list[str | None] | None:
        """Return names that lack one, with None for an empty last column or a first one of ids."""
        if len(names) != self._width - 1:
            return None
        rows = [row for row in self._rows[first:] if len(row) == self._width]
        if all(is_empty(row[-1]) for row in rows):
            return [*names, None]
        is_index = len({row[0].strip() for row in rows}) == len(rows)
        return [None, *names] if is_index and self._evidence(first) < Evidence.STRONG else None

    def _unfitting_names(self, row: int, count: int) -> list[str]:
        """Return a line on a header that does not fit the rows.

        Raises:
            StructureError: The user said that there is a header.
        """
        where = f"line {self._records[row].line}"
        what = f"names {count} columns, but most rows have {self._width} cells"
        if self._header == "yes":
            raise StructureError(f"in {where} {what}. Correct the file, or set its header to “no”")
        if count < 2 or abs(count - self._width) > 1:
            return []
        return [f"{where} {what}; it is not used, and the columns are numbered"]

    def _has_header(self, first: int) -> bool:
        if self._header != "auto":
            return self._header == "yes"
        return self._evidence(first) > Evidence.NONE

    def _evidence(self, row: int) -> Evidence:
        return header_evidence(self._rows[row], self._rows_below(row))

    def _has_units(self, row: int) -> bool:
        if row >= len(self._rows) or len(self._rows[row]) != self._width:
            return False
        return is_units_row(self._rows[row], self._rows_below(row))

    def _rows_below(self, row: int) -> list[list[str]]:
        """Return rows to compare with, fewer if they are wide."""
        rows = [cells for cells in self._rows[row + 1 :] if len(cells) == self._width]
        return rows[: min(_SNIFFED_RECORDS, max(_SNIFFED_CELLS // self._width, 5))]

    def _other_width(self, row: int) -> str:
        return width_reason(len(self._rows[row]), self._width)

    def _left_out(self, row: int, why: str) -> LeftOut:
        return LeftOut("row", f"line {self._records[row].line}", why)

    def _decimal(self, rows: Sequence[Cells]) -> str:
        """Return the decimal sign that most cells prove."""
        cells = Counter(cell.strip() for row in rows[:100] for cell in row[:200])
        evidence = decimal_evidence(cells)
        if evidence["."] == evidence[","]:
            return ""
        return "." if evidence["."] > evidence[","] else ","
