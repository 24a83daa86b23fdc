"""What the page shows, as frozen values. Imports neither torch nor Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.preview import Preview
from dlstudio.data.summary import DataSummary
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet

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
        bars: Heights of its histogram: counts in equal intervals, or of the most frequent words.
        range_text: Its smallest and largest value, or its most frequent word.
        reason: Why it is left out; empty if it is used.
        fill: What stands in the place of empty cells; empty if nothing does.
        is_numeric: Whether most of its cells are numbers.
    """

    name: str
    role: str
    use: str
    type: str
    missing: int
    distinct: int
    bars: tuple[int, ...] = ()
    range_text: str = ""
    reason: str = ""
    fill: str = ""
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of a table as it stands in the file.

    Attributes:
        line: Its line number.
        cells: The original cells; None for a gap.
        reason: Why the row is left out; empty if it is used.
    """

    line: int
    cells: tuple[str | None, ...]
    reason: str = ""

    @property
    def has_gap(self) -> bool:
        """Whether a cell is empty."""
        return None in self.cells


@dataclass(frozen=True, slots=True)
class PageTable:
    """The table: all columns, and rows from the start of the file and those left out.

    Attributes:
        total_rows: Number of rows in the file.
        delimiter: Key of the option `delimiter`.
        decimal: `.` or `,`.
        has_header: Whether the first line names the columns.
    """

    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]
    total_rows: int
    delimiter: str
    decimal: str
    has_header: bool


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
        dataset: The data itself, for the baseline; None with an error.
        plane: Values of the numeric columns in training rows, for the scatter plot.
        labels: Class of the same rows; empty without classes.
        curves: First feature of some training sequences (N, T); empty for other data.
    """

    settings: DataSettings
    table: PageTable | None = None
    error: str = ""
    info: DatasetInfo = field(default_factory=DatasetInfo)
    summary: DataSummary | None = None
    preview: Preview | None = None
    dataset: DataSet | None = field(default=None, repr=False, compare=False)
    plane: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict, compare=False)
    labels: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.empty(0, np.int64), compare=False
    )

    curves: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, 0), np.float32), compare=False
    )

    @property
    def can_train(self) -> bool:
        """Whether a network can learn from the data."""
        return self.dataset is not None
