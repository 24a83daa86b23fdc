"""The rows of a table as they stand in the file, cut out when asked for. Does not import torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.original_cells import OriginalRow
from dlstudio.data.files.tables.records import read_record

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OriginalRows:
    """All rows below the header, including those left out. Keeps the text, not the cells.

    Attributes:
        names: Names of the columns.
        lines: Line number of each row (R,).
        reasons: Why a row is left out, by row.
    """

    names: tuple[str, ...]
    text: str
    delimiter: str
    starts: Offsets
    lines: Offsets
    reasons: dict[int, str]

    def __len__(self) -> int:
        """Return the number of rows, including those left out."""
        return len(self.lines)

    def __getitem__(self, row: int) -> OriginalRow:
        """Return the row at an index, the first below the header being 0."""
        cells = read_record(self.text, int(self.starts[row]), self.delimiter, len(self.names))
        return OriginalRow(
            int(self.lines[row]), tuple(map(str.strip, cells)), self.reasons.get(row, "")
        )

    def select(self, rows: Iterable[int]) -> tuple[OriginalRow, ...]:
        """Return the rows at these indices; those beyond the end are passed over."""
        return tuple(self[row] for row in rows if 0 <= row < len(self))

    def column(self, name: str, rows: Iterable[int]) -> tuple[str, ...]:
        """Return the cells of one column in these rows."""
        index = self.names.index(name)
        return tuple(row.cells[index] for row in self.select(rows))
