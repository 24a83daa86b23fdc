"""The rows of a table in a temporary file, for a process that did not read the table.

Does not import torch.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

import numpy as np

from dlstudio.data.core.original_cells import OriginalRow
from dlstudio.data.files.tables.original_rows import Offsets, OriginalRows
from dlstudio.data.files.tables.records import read_record

_ENCODING = "utf-8"


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Where the rows lie in a file that `store_rows` wrote: first their text, then the reasons.

    Attributes:
        names: Names of the columns.
        starts: Byte offset of each row and of the end of the last one (R + 1,).
        lines: Line number of each row (R,).
        left_out: Indices of the rows left out, in ascending order (L,).
        reason_starts: Byte offset of each reason and of the end of the last one (L + 1,).
    """

    names: tuple[str, ...]
    file: str
    delimiter: str
    starts: Offsets
    lines: Offsets
    left_out: Offsets
    reason_starts: Offsets


def store_rows(rows: OriginalRows, file: Path) -> StoredRows:
    """Write rows to a new file.

    Raises:
        OSError: The file cannot be written.
    """
    order = sorted(rows.reasons)
    with file.open("wb") as stream:
        starts = _write_rows(rows, stream)
        reasons = [rows.reasons[row].encode(_ENCODING) for row in order]
        stream.writelines(reasons)
    ends = starts[-1] + np.cumsum([0, *map(len, reasons)], dtype=np.int64)
    left_out = np.array(order, np.int64)
    return StoredRows(
        rows.names, str(file), rows.delimiter, starts, np.asarray(rows.lines), left_out, ends
    )


def _write_rows(rows: OriginalRows, stream: BinaryIO) -> Offsets:
    """Write the text and return the byte offset of each row, and of the end."""
    places: Offsets = np.append(rows.starts, len(rows.text)).astype(np.int64)
    if rows.text.isascii():
        stream.write(rows.text[int(places[0]) :].encode(_ENCODING))
        offsets: Offsets = places - places[0]
        return offsets
    edges = places.tolist()
    sizes = [0]
    for start, end in pairwise(edges):
        sizes.append(stream.write(rows.text[start:end].encode(_ENCODING)))
    return np.cumsum(sizes, dtype=np.int64)


class FileRows:
    """Rows that are read from their file when asked for; the file goes with this object."""

    def __init__(self, stored: StoredRows) -> None:
        """Open the file, and delete it where a file in use can be deleted.

        Raises:
            OSError: The file cannot be opened.
        """
        self._stored = stored
        path = Path(stored.file)
        self._file = path.open("rb")
        self.close = finalize(self, _delete, self._file, path)
        """Closes and deletes the file; called at the latest when nothing refers to this object."""
        with suppress(OSError):
            path.unlink()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._stored.names

    @property
    def lines(self) -> Offsets:
        """Line number of each row (R,)."""
        return self._stored.lines

    def __len__(self) -> int:
        """Return the number of rows, including those left out."""
        return len(self._stored.lines)

    def __getitem__(self, row: int) -> OriginalRow:
        """Return the row at an index, the first below the header being 0."""
        stored = self._stored
        text = self._read(stored.starts, row)
        cells = read_record(text, 0, stored.delimiter, len(stored.names))
        return OriginalRow(int(stored.lines[row]), tuple(map(str.strip, cells)), self._reason(row))

    def _reason(self, row: int) -> str:
        left_out = self._stored.left_out
        place = int(np.searchsorted(left_out, row))
        if place == len(left_out) or left_out[place] != row:
            return ""
        return self._read(self._stored.reason_starts, place)

    def _read(self, starts: Offsets, index: int) -> str:
        start, end = int(starts[index]), int(starts[index + 1])
        self._file.seek(start)
        return self._file.read(end - start).decode(_ENCODING)


def _delete(file: BinaryIO, path: Path) -> None:
    file.close()
    with suppress(OSError):
        path.unlink(missing_ok=True)
