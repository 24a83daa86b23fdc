"""Splits the text of a table into records after RFC 4180. Does not import torch."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import NamedTuple

DELIMITERS: Mapping[str, str] = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "pipe": "|",
    "space": " ",
}
_MAX_RECORD_LENGTH = 1 << 22
"""Characters after which an open quote counts as stray."""
_MAX_CELL_LENGTH = 1 << 27


class Record(NamedTuple):
    """One record; `cells` is None if its first line opens a quote that is not closed."""

    line: int
    start: int
    cells: list[str] | None


def iterate_records(
    text: str, delimiter: str, width: int = 0, start: int = 0, line: int = 1
) -> Iterator[Record]:
    r"""Yield the records of a text with `\n` line endings; blank lines are passed over.

    A quoted cell may contain line breaks. Where that would join lines to a record of another width,
    or where the quote is never closed properly, only its first line is lost.

    Args:
        text: The whole text.
        delimiter: Key of `DELIMITERS`.
        width: Number of cells of a record that spans lines; 0 accepts any.
        start: Offset of the first record.
        line: Line number of the first record.
    """
    csv.field_size_limit(_MAX_CELL_LENGTH)
    separator = DELIMITERS[delimiter]
    by_blanks = delimiter == "space"
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        row = text[start:end]
        cells: list[str] | None
        used = 1
        if '"' in row:
            cells, used = _quoted_record(text, start, separator, width)
            for _ in range(used - 1):
                end = text.find("\n", end + 1)
                end = len(text) if end < 0 else end
        else:
            cells = row.split(separator)
            if by_blanks:
                cells = [cell for cell in cells if cell]
        if row and not row.isspace():
            yield Record(line, start, cells)
        start, line = end + 1, line + used


def read_record(text: str, start: int, delimiter: str, width: int) -> list[str]:
    """Return the cells of the record at an offset; those of its first line if it is broken."""
    record = next(iterate_records(text, delimiter, width, start), None)
    if record is not None and record.cells is not None:
        return record.cells
    end = text.find("\n", start)
    line = text[start:end] if end >= 0 else text[start:]
    return line.split(DELIMITERS[delimiter])


def _quoted_record(
    text: str, start: int, separator: str, width: int
) -> tuple[list[str] | None, int]:
    """Return the cells of a record with quotes, and the number of lines it spans."""
    reader = csv.reader(_lines_from(text, start), delimiter=separator, skipinitialspace=True)
    cells = next(reader, [])
    used = max(reader.line_num, 1)
    if used == 1:
        is_closed = not (cells and cells[-1].endswith("\n"))
        return (cells, 1) if is_closed else (None, 1)
    strict = csv.reader(
        _lines_from(text, start), delimiter=separator, skipinitialspace=True, strict=True
    )
    try:
        cells = next(strict)
    except csv.Error:
        return None, 1
    return (cells, used) if width in (0, len(cells)) else (None, 1)


def _lines_from(text: str, start: int) -> Iterator[str]:
    limit = min(start + _MAX_RECORD_LENGTH, len(text))
    while start < limit:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end] + "\n"
        start = end + 1
