"""What the page shows, as frozen values. Imports neither torch nor Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.original_cells import OriginalCells
from dlstudio.data.files.tables.gap_words import NUMBER_GAPS, is_gap
from dlstudio.data.preview import Preview
from dlstudio.data.summary import DataSummary
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo

INPUT, TARGET, LEFT_OUT = "input", "target", "left out"


@dataclass(frozen=True, slots=True)
class PageColumn:
    """One column of a table.

    Attributes:
        role: `input`, `target` or `left out`.
        use: Key of `source_setting_types.COLUMN_USES`.
        type: `number`, `category`, `date` or `text`.
        missing: Number of cells without a value.
        distinct: Number of different values.
        input_use: Its use as an input, even if it is left out or the target.
        not_numbers: Number of cells that are no numbers in a column of numbers.
        bars: Heights of its histogram: counts in equal intervals, or of the most frequent words.
        words: The word of each bar; empty for numbers and dates.
        range_text: Its smallest and largest value in few digits, or its most frequent word.
        exact_range: Its smallest and largest value in full; empty for words.
        reason: Why it is left out; empty if it is used.
        fill: What stands in the place of empty cells; empty if nothing does.
        fill_by: `median` or `most frequent value`.
        is_constant: Whether all cells are equal.
    """

    name: str
    role: str
    use: str
    type: str
    missing: int
    distinct: int
    input_use: str = "category"
    not_numbers: int = 0
    bars: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    range_text: str = ""
    exact_range: str = ""
    reason: str = ""
    fill: str = ""
    fill_by: str = ""
    is_constant: bool = False

    def is_gap(self, cell: str) -> bool:
        """Whether a cell of a row that is used stands for a missing value."""
        if not self.missing:
            return False
        if self.type in ("number", "date"):
            return is_gap(cell, NUMBER_GAPS)
        return is_gap(cell, NUMBER_GAPS) and cell not in self.words


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table: all columns, and the rows as they stand in the file.

    Attributes:
        original: All rows of the file, with line numbers and why they are left out.
        lines: Line number of each row; reading a row itself takes longer.
        delimiter: Key of the option `delimiter`.
        encoding: Name of the file's encoding, such as `UTF-8`; empty for arrays.
        decimal: `.` or `,`; empty if no cell proves one.
        has_header: Whether the first line names the columns.
        left_out_rows: Indices of the rows that are not used.
        gap_rows: Indices of used rows with an empty cell.
        duplicates: Number of rows that stand in an earlier row, too.
        filling_notes: Lines on the empty cells, which the panel shows by itself.
        is_fixed: Whether the roles of its columns cannot be changed.
    """

    columns: tuple[PageColumn, ...]
    original: OriginalCells
    lines: Sequence[int] | npt.NDArray[np.int64]
    delimiter: str
    decimal: str
    has_header: bool
    left_out_rows: Sequence[int] = ()
    gap_rows: Sequence[int] = ()
    duplicates: int = 0
    filling_notes: tuple[str, ...] = ()
    is_fixed: bool = False
    encoding: str = ""

    @property
    def total_rows(self) -> int:
        """The number of rows in the file."""
        return len(self.original)


@dataclass(frozen=True, slots=True)
class PageContents:
    """Everything that was read.

    Attributes:
        settings: The settings it was read with.
        table: The table, None for other data.
        error: Why the data cannot be used as it is set; empty if it can.
        info: What was read; empty with an error.
        summary: The facts; None with an error.
        preview: Samples and statistics; None with an error.
        own_subsets: Subsets that the data brings along, which the split does not change.
        plane: Values of the numeric columns in training rows, for the scatter plot.
        labels: Class of the same rows; empty without classes.
        curves: First feature of some training sequences (N, T); empty for other data.
        outlines: Waveforms of the sounds in the preview: lowest and highest sample in each span of
            the spectrogram's time (N, 2, S); empty for other data.
        durations: Seconds of the same sounds (N,).
    """

    settings: DataSettings
    table: PageTable | None = None
    error: str = ""
    info: DatasetInfo = field(default_factory=DatasetInfo)
    summary: DataSummary | None = None
    preview: Preview | None = None
    own_subsets: tuple[str, ...] = ()
    plane: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict, compare=False)
    labels: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.empty(0, np.int64), compare=False
    )

    curves: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, 0), np.float32), compare=False
    )
    outlines: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, 2, 0), np.float32), compare=False
    )
    durations: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.empty(0, np.float32), compare=False
    )

    @property
    def can_train(self) -> bool:
        """Whether a network can learn from the data."""
        return self.summary is not None
