"""What the studio makes of a table, for the user to see and correct. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.split import split_indices
from dlstudio.data.files.column_encoders import fit_encoder
from dlstudio.data.files.columns.description import Column
from dlstudio.data.files.columns.messages import (
    Filling,
    duplicate_messages,
    filling_messages,
    format_messages,
    merge_messages,
)
from dlstudio.data.files.columns.used_table import UsedTable, count_duplicates, read_used_table
from dlstudio.data.files.tables.column_types import Int64
from dlstudio.data.files.tables.original_rows import OriginalRows
from dlstudio.data.files.tables.table import NEWEST_RULES
from dlstudio.data.sources.framework.source_setting_types import DATE_USES
from dlstudio.design.model.data_settings import Split


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """The guessed structure of a table, which the user can correct in a form.

    Attributes:
        columns: All columns, including those left out.
        delimiter: Key of `records.DELIMITERS`.
        encoding: Name of the file's encoding, such as `UTF-8`.
        decimal: The usual decimal sign, `.` or `,`; empty if no cell proves one.
        header: Whether a row of the file names the columns.
        rows: Number of rows that become samples.
        warnings: Lines on what was changed, and on decisions that may be wrong.
        original: All rows below the header as they stand in the file, with line numbers and, for
            rows that are not used, the reason.
        gap_rows: Indices in `original` of used rows with an empty cell in an input.
        left_out: Everything that is not used: rows, columns and lines before the rows.
        fillings: What empty cells of inputs become.
        duplicates: Number of rows whose used cells stand in an earlier row, too.
    """

    columns: tuple[Column, ...]
    delimiter: str
    encoding: str
    decimal: str
    header: bool
    rows: int
    warnings: tuple[str, ...]
    original: OriginalRows
    gap_rows: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    fillings: tuple[Filling, ...]
    duplicates: int

    def uses(self) -> Mapping[str, str]:
        """Return each column's use by name, as the option `columns` stores it."""
        return {column.name: column.use for column in self.columns}

    @property
    def constant(self) -> tuple[str, ...]:
        """Names of the columns with the same value in all rows."""
        return tuple(column.name for column in self.columns if column.is_constant)

    @property
    def left_out_rows(self) -> tuple[int, ...]:
        """Indices in `original` of the rows that are not used."""
        return tuple(self.original.reasons)


def guess_columns(
    path: str | Path,
    options: Mapping[str, Any] | None = None,
    split: Split | None = None,
    rules: int = NEWEST_RULES,
) -> ColumnGuess:
    """Read a table and guess each column's use.

    Args:
        path: The file.
        options: Options of the source `csv` set by the user, including `columns`.
        split: The split whose training rows fill empty cells; None takes all rows.
        rules: 1 reads and guesses as the first version did.

    Raises:
        DataError: The file cannot be read, is not a table, or lacks a column of `options`.
    """
    return describe_table(read_used_table(Path(path), options or {}, rules), split)


def describe_table(used: UsedTable, split: Split | None = None) -> ColumnGuess:
    """Return what the studio makes of a table that was read.

    Args:
        used: The table.
        split: The split whose training rows fill empty cells; None takes all rows.
    """
    fillings = find_fillings(used, _training_rows(used, split))
    duplicates = count_duplicates(used)
    return ColumnGuess(
        columns=used.columns,
        delimiter=used.table.delimiter,
        encoding=used.table.encoding,
        decimal=used.table.decimal,
        header=used.table.header,
        rows=len(used),
        warnings=(*change_messages(used), *filling_messages(fillings),
                  *duplicate_messages(duplicates)),
        original=used.original,
        gap_rows=_gap_rows(used),
        left_out=used.left_out,
        fillings=fillings,
        duplicates=duplicates,
    )  # fmt: skip


def find_fillings(used: UsedTable, training_rows: Int64) -> tuple[Filling, ...]:
    """Return what the empty cells of each input become, fitted on the training rows."""
    fillings = []
    for column, cells in used.with_role("feature"):
        count = int(cells.missing.sum())
        if count:
            encoder = fit_encoder(cells, column.use, training_rows, used.table.rules.version)
            how = "median" if column.use in ("number", *DATE_USES) else "most frequent value"
            fillings.append(Filling(column.name, count, encoder.fill_text, how))
    return tuple(fillings)


def change_messages(used: UsedTable) -> list[str]:
    """Return lines on how the cells of a table were read."""
    return [
        *used.table.notes,
        *format_messages(used.columns, used.cells),
        *merge_messages(used.merges),
    ]


def target_classes(used: UsedTable) -> Int64 | None:
    """Return a number for the class of each row, None for values or without a target."""
    targets = used.with_role("target")
    if len(targets) != 1 or targets[0][0].use != "class":
        return None
    cells = targets[0][1]
    return np.unique(cells.codes, return_inverse=True)[1].astype(np.int64)


def _training_rows(used: UsedTable, split: Split | None) -> Int64:
    rows = np.arange(len(used))
    if split is None or len(used) < 2:
        return rows
    return split_indices(len(used), split, has_test=False, classes=target_classes(used)).train


def _gap_rows(used: UsedTable) -> tuple[int, ...]:
    missing = np.zeros(len(used), np.bool_)
    for _, cells in used.with_role("feature"):
        missing |= cells.missing
    return tuple(used.rows[missing].tolist())
