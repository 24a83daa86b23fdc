"""Rows of the user's table as they stand in the file. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """One row of the file.

    Attributes:
        line: Number of its first line.
        cells: Its cells without blanks around them, one for each column; fewer or more if the row
            has another width.
        left_out: Why it is not used, empty if it is.
    """

    line: int
    cells: tuple[str, ...]
    left_out: str = ""


class OriginalCells(Protocol):
    """The rows of a table, by the index that `Subset.source_rows` holds for each sample."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""

    def __len__(self) -> int:
        """Return the number of rows, including those left out."""

    def __getitem__(self, row: int) -> OriginalRow:
        """Return one row."""
