"""Reads a delimited text file, in chunks of rows, as typed columns. Does not import torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import ProgressCallback, ignore_progress
from dlstudio.data.files.tables.column_builder import ColumnBuilder, RawColumn
from dlstudio.data.files.tables.column_types import (
    ColumnRules,
    Int64,
    TableColumn,
    decide_columns,
)
from dlstudio.data.files.tables.original_rows import OriginalRows
from dlstudio.data.files.tables.records import iterate_records
from dlstudio.data.files.tables.structure import (
    Structure,
    StructureError,
    find_structure,
    width_reason,
)
from dlstudio.data.text.text_file import read_decoded

NEWEST_RULES = 2
_CHUNK_CELLS = 500_000
_TOTALS = frozenset({"total", "totals", "sum", "summe", "gesamt", "grand total", "subtotal"})


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is read.

    Attributes:
        delimiter: Key of `records.DELIMITERS`, or `auto`.
        header: `yes`, `no` or `auto`.
        decimal: `point`, `comma` or `auto`.
        keep_words: Names of columns whose cells are kept as written even if they are numbers.
        rules: 1 reads cells as the first version did, for designs trained on its features.
    """

    delimiter: str = "auto"
    header: str = "auto"
    decimal: str = "auto"
    keep_words: frozenset[str] = frozenset()
    rules: int = NEWEST_RULES


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table and what was left out of it.

    Attributes:
        columns: Cells by column, rows left out excepted.
        rows: Index in `original` of each row (N,).
        delimiter: Key of `records.DELIMITERS`.
        decimal: The usual decimal sign, `.` or `,`; empty if no cell proves one.
        header: Whether a row of the file names the columns.
        original: All rows below the header as they stand in the file.
        left_out: Lines before the rows that are neither names nor a row.
        rules: How the cells were read.
        notes: Lines for the user on decisions that may be wrong.
        encoding: Name of the file's encoding, such as `UTF-8`.
    """

    path: Path
    columns: tuple[TableColumn, ...]
    rows: Int64
    delimiter: str
    decimal: str
    header: bool
    original: OriginalRows
    rules: ColumnRules
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    encoding: str = ""

    def __len__(self) -> int:
        """Return the number of rows with the right number of cells."""
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each column."""
        return tuple(column.name for column in self.columns)

    def line(self, row: int) -> int:
        """Return the line number in the file of a row."""
        return int(self.original.lines[self.rows[row]])


def read_table(
    path: Path,
    options: TableOptions | None = None,
    max_bytes: int = -1,
    progress: ProgressCallback = ignore_progress,
) -> Table:
    """Return the table in `path`; rows of another width are left out.

    Args:
        path: A text file, gzip-compressed if it ends in `.gz`.
        options: How to read it; None decides everything by the content.
        max_bytes: Largest number of bytes to read; negative reads the whole file.
        progress: Called with a message and the completed share; its exceptions end the reading.

    Raises:
        DataError: The file cannot be read, or is not a table.
    """
    options = options or TableOptions()
    decoded = read_decoded(path, max_bytes)
    text = decoded.text.replace("\0", "")
    try:
        structure = find_structure(text, options.delimiter, options.header)
    except StructureError as error:
        raise DataError(f"{path} {error}.") from error
    names = _unique_names(structure.names)
    if structure.start < 0:
        raise DataError(
            f"{path} has column names ({', '.join(names[:10])}) but no rows. A table needs one "
            "sample per line."
        )
    table = _read_rows(path, text, structure, names, options, progress=progress)
    notes = (*decoded.warnings(path.name), *structure.notes)
    return replace(table, encoding=decoded.encoding, notes=notes)


def _read_rows(
    path: Path,
    text: str,
    structure: Structure,
    names: tuple[str, ...],
    options: TableOptions,
    *,
    progress: ProgressCallback,
) -> Table:
    rules = ColumnRules(
        options.rules,
        structure.decimal,
        {"point": ".", "comma": ","}.get(options.decimal, ""),
        structure.delimiter == "semicolon",
    )
    builders = [
        ColumnBuilder(rules.number_gaps, rules.plain_decimal, keep_words=name in options.keep_words)
        for name in names
    ]
    reader = _RowReader(text, structure, len(names))
    for rows, marks in reader.chunks():
        for builder, cells in zip(builders, zip(*rows, strict=True), strict=True):
            builder.add(cells, marks)
        progress(f"Reading {path.name}: {len(reader.rows):,} rows", reader.starts[-1] / len(text))
    _require_rows(reader, path)
    raw = _build_columns(builders, text, structure, names)
    if options.rules > 1 and _ends_in_total(raw):
        raw = [column.without_last() for column in raw]
        reader.reasons[reader.rows.pop()] = "it holds a total, not a sample"
    return Table(
        path=path,
        columns=decide_columns(names, raw, rules),
        rows=np.array(reader.rows, np.int64),
        delimiter=structure.delimiter,
        decimal=rules.set_decimal or structure.decimal,
        header=structure.header,
        original=OriginalRows(
            names,
            text,
            structure.delimiter,
            np.array(reader.starts, np.int64),
            np.array(reader.lines, np.int64),
            reader.reasons,
        ),
        left_out=structure.left_out,
        rules=rules,
    )


def _require_rows(reader: _RowReader, path: Path) -> None:
    if not reader.rows:
        raise DataError(
            f"{path} has no valid rows. A table needs one sample per line. First problem: "
            f"{reader.left_out[0].text if reader.left_out else 'all rows are empty'}."
        )


def _build_columns(
    builders: Sequence[ColumnBuilder], text: str, structure: Structure, names: tuple[str, ...]
) -> list[RawColumn]:
    """Return the cells of all columns; those of numbers and words are read again."""
    columns = [builder.build() for builder in builders]
    mixed = [index for index, column in enumerate(columns) if column is None]
    if mixed:
        for index, column in zip(mixed, _read_again(text, structure, mixed, names), strict=True):
            columns[index] = column
    return [column for column in columns if column is not None]


def _ends_in_total(columns: Sequence[RawColumn]) -> bool:
    """Whether the last row holds a word for a total that no other row holds."""
    for column in columns:
        if len(column.codes) > 2:
            last = column.codes[-1]
            word = column.words[int(last)].rstrip(":").lower()
            if word in _TOTALS and not (column.codes[:-1] == last).any():
                return True
    return False


def _read_again(
    text: str, structure: Structure, mixed: list[int], names: tuple[str, ...]
) -> list[RawColumn]:
    """Return some columns with all their words."""
    builders = [ColumnBuilder(frozenset(), ".", keep_words=True) for _ in mixed]
    for rows, _ in _RowReader(text, structure, len(names)).chunks():
        for builder, index in zip(builders, mixed, strict=True):
            builder.add([cells[index] for cells in rows])
    return [column for builder in builders if (column := builder.build()) is not None]


class _RowReader:
    """Yields the rows of the right width in chunks, and records what it leaves out."""

    def __init__(self, text: str, structure: Structure, width: int) -> None:
        self._records = iterate_records(
            text, structure.delimiter, width, structure.start, structure.line
        )
        self._text = text
        self._width = width
        self.rows: list[int] = []
        self.lines: list[int] = []
        self.starts: list[int] = []
        self.reasons: dict[int, str] = {}

    @property
    def left_out(self) -> list[LeftOut]:
        """The rows left out."""
        return [LeftOut("row", f"line {self.lines[row]}", why) for row, why in self.reasons.items()]

    def chunks(self) -> Iterator[tuple[list[list[str]], str]]:
        """Yield the cells of consecutive rows, and those of `.` and `_` that occur in them."""
        chunk: list[list[str]] = []
        size = max(_CHUNK_CELLS // self._width, 1)
        start = 0
        for record in self._records:
            self.lines.append(record.line)
            self.starts.append(record.start)
            cells = self._fitting(record.cells)
            reason = self._reason(cells)
            if reason or cells is None:
                self.reasons[len(self.lines) - 1] = reason
                continue
            if len(chunk) == size:
                yield chunk, self._marks(start, record.start)
                chunk, start = [], record.start
            self.rows.append(len(self.lines) - 1)
            chunk.append(cells)
        if chunk:
            yield chunk, self._marks(start, len(self._text))

    def _marks(self, start: int, end: int) -> str:
        return "".join(mark for mark in "._" if self._text.find(mark, start, end) >= 0)

    def _fitting(self, cells: list[str] | None) -> list[str] | None:
        """Return the cells without empty ones beyond the width."""
        if cells is None or any(cell.strip() for cell in cells[self._width :]):
            return cells
        return cells[: self._width] if len(cells) > self._width else cells

    def _reason(self, cells: list[str] | None) -> str:
        """Return why a record is no row, empty if it is one."""
        if cells is None:
            return "a quote is not closed"
        if len(cells) != self._width:
            return width_reason(len(cells), self._width)
        return "" if any(cell and not cell.isspace() for cell in cells) else "all cells are empty"


def _unique_names(names: Iterable[str | None]) -> tuple[str, ...]:
    unique: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        base = name or f"column {number}"
        candidate, repeat = base, 2
        while candidate in unique:
            candidate, repeat = f"{base} ({repeat})", repeat + 1
        unique[candidate] = None
    return tuple(unique)
