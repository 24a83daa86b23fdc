"""Parses a delimited text file into a table of cells. Does not import torch."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.errors import DataError
from dlstudio.data.text.text_file import read_text

DELIMITERS: Mapping[str, str] = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "pipe": "|",
    "space": " ",
}
_MISSING = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none", "#n/a"})
_MAX_FLOAT32 = 3.4e38
"""Networks compute in float32, where anything larger becomes infinite."""
_LONGEST_MISSING = max(map(len, _MISSING))
_SNIFFED_LINES = 100
_WIDTH_LINES = 1000

_Row = tuple[int, list[str | None]]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by column; None if a value is missing.

    Attributes:
        lines: Line number in the file of each row.
        delimiter: Key of `DELIMITERS`.
        header: Whether the first row of the file names the columns.
        skipped_rows: A warning for each skipped row.
    """

    path: Path
    names: tuple[str, ...]
    columns: tuple[tuple[str | None, ...], ...]
    lines: tuple[int, ...]
    delimiter: str
    header: bool
    skipped_rows: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of usable rows."""
        return len(self.lines)

    def to_number(self, text: str) -> float | None:
        """Return the cell as a finite number, or None."""
        return parse_number(text, decimal_comma=self.delimiter == "semicolon")


def parse_number(text: str, *, decimal_comma: bool = False) -> float | None:
    """Return a number in the range of float32, or None.

    `3,14` counts as a number with `decimal_comma`, where commas do not separate cells.
    """
    if decimal_comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= _MAX_FLOAT32 and "_" not in text else None


def read_table(
    path: Path, delimiter: str = "auto", header: str = "auto", max_bytes: int = -1
) -> Table:
    """Return the table in `path`; rows with a wrong number of cells are skipped with a warning.

    Args:
        path: A text file in UTF-8 or Windows-1252, gzip-compressed if it ends in `.gz`.
        delimiter: A key of `DELIMITERS`, or `auto`.
        header: `yes`, `no` or `auto`.
        max_bytes: Largest number of bytes to read; negative reads the whole file.

    Raises:
        DataError: The file cannot be read, or is not a table.
    """
    text = read_text(path, max_bytes).replace("\0", "")
    chosen = sniff_delimiter(text) if delimiter == "auto" else delimiter
    rows, skipped = _split_rows(text, chosen, path)
    if not rows:
        raise DataError(f"{path} has no rows. A table needs one sample per line.")
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    if len(rows[0][1]) == width - 1 and header != "no":
        rows[0] = (rows[0][0], [None, *rows[0][1]])
    if header == "yes" and len(rows[0][1]) != width:
        name_count = len(rows[0][1])
        raise DataError(
            f"The first row of {path} names {name_count} columns, but most rows have {width} "
            "cells. Correct the file, or set its header to “no”."
        )
    complete_rows = [(line, cells) for line, cells in rows if len(cells) == width]
    skipped += [
        f"{path}, line {line}: {len(cells)} cells instead of {width}; skipped"
        for line, cells in rows
        if len(cells) != width
    ]
    has_header = _has_header(complete_rows, chosen) if header == "auto" else header == "yes"
    body = complete_rows[1:] if has_header else complete_rows
    if not body:
        raise DataError(f"{path} has no valid rows. A table needs one sample per line.")
    return Table(
        path=path,
        names=_unique_names(complete_rows[0][1] if has_header else [None] * width),
        columns=tuple(zip(*(cells for _, cells in body), strict=True)),
        lines=tuple(line for line, _ in body),
        delimiter=chosen,
        header=has_header,
        skipped_rows=tuple(skipped),
    )


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits most lines into the same number of cells, at least two."""
    sample = [line for line in text.split("\n", _SNIFFED_LINES)[:_SNIFFED_LINES] if line.strip()]
    best, best_score = "comma", 0.0
    for word, separator in DELIMITERS.items():
        widths = Counter(_width(line, separator) for line in sample)
        common_width, times = max(
            ((width, times) for width, times in widths.items() if width > 1),
            key=lambda pair: pair[1],
            default=(0, 0),
        )
        score = times / len(sample) + common_width / 10_000 if common_width else 0.0
        if word == "space":
            score *= 0.9
        if score > best_score:
            best, best_score = word, score
    return best


def _split_rows(text: str, delimiter: str, path: Path) -> tuple[list[_Row], list[str]]:
    """Return the rows with their line numbers, and warnings for lines that were skipped.

    An unclosed quote makes the csv reader consume the following lines. Where the resulting row
    does not have the common width, only its first line is skipped.
    """
    lines = text.split("\n")
    separator = DELIMITERS[delimiter]
    width = _common_width(lines, separator)
    rows: list[_Row] = []
    skipped: list[str] = []
    first = 0
    while first < len(lines):
        try:
            cells, used = _next_row(lines, first, separator)
        except csv.Error as error:
            cells, used = [], 1
            skipped.append(f"{path}, line {first + 1}: {error}; skipped")
        if used > 1 and len(cells) != width:
            cells, used = [], 1
            skipped.append(f"{path}, line {first + 1}: a quote is not closed; skipped")
        if any(cell.strip() for cell in cells):
            rows.append((first + 1, [_clean(cell) for cell in cells]))
        first += used
    return rows, skipped


def _next_row(lines: list[str], first: int, separator: str) -> tuple[list[str], int]:
    """Return the cells of the row that starts at line `first`, and how many lines it spans."""
    if '"' not in lines[first]:
        return lines[first].split(separator), 1
    ahead = (lines[index] + "\n" for index in range(first, len(lines)))
    reader = csv.reader(ahead, delimiter=separator, skipinitialspace=True)
    return next(reader, []), max(reader.line_num, 1)


def _common_width(lines: list[str], separator: str) -> int:
    widths = Counter(_width(line, separator) for line in lines[:_WIDTH_LINES] if line.strip())
    return widths.most_common(1)[0][0] if widths else 0


def _width(line: str, separator: str) -> int:
    """Return the number of cells in one line, 0 if it cannot be split."""
    try:
        return len(_next_row([line], 0, separator)[0])
    except csv.Error:
        return 0


def _clean(cell: str) -> str | None:
    cell = cell.strip()
    return None if len(cell) <= _LONGEST_MISSING and cell.lower() in _MISSING else cell


def _has_header(rows: list[_Row], delimiter: str) -> bool:
    """Guess whether the first row is text above a numeric column, or text that never recurs."""
    first, rest = rows[0][1], [cells for _, cells in rows[1:_SNIFFED_LINES]]

    def numeric(cell: str | None) -> bool:
        comma = delimiter == "semicolon"
        return cell is not None and parse_number(cell, decimal_comma=comma) is not None

    if not rest or any(numeric(cell) for cell in first):
        return False
    columns = list(zip(*rest, strict=True))
    if any(sum(map(numeric, column)) > len(rest) / 2 for column in columns):
        return True
    distinct = len(set(first)) == len(first)
    return distinct and not any(cell in column for cell, column in zip(first, columns, strict=True))


def _unique_names(names: Iterable[str | None]) -> tuple[str, ...]:
    unique: list[str] = []
    for number, name in enumerate(names, start=1):
        base = name or f"column {number}"
        candidate, repeat = base, 2
        while candidate in unique:
            candidate, repeat = f"{base} ({repeat})", repeat + 1
        unique.append(candidate)
    return tuple(unique)
