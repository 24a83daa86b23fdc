"""Rows of arrays, which have no file of cells, as a table for the page. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.original_cells import OriginalRow
from dlstudio.gui.data.page.contents.page_contents import INPUT, TARGET, PageColumn, PageTable
from dlstudio.gui.data.page.contents.value_ranges import number_range

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet

_MAX_ROWS = 2000
_BINS = 16


@dataclass(frozen=True, slots=True)
class _ArrayRows:
    """Training rows as texts."""

    names: tuple[str, ...]
    values: npt.NDArray[np.float32]
    targets: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> OriginalRow:
        cells = tuple(f"{value:.5g}" for value in self.values[row].tolist())
        return OriginalRow(row, cells + self.targets[row : row + 1])


def array_table(dataset: DataSet) -> PageTable | None:
    """Return the training rows of data with numbered features; None if its samples are no rows."""
    raw = dataset.train.inputs.get("samples")
    if raw is None or raw.ndim != 2:
        return None
    values = raw[:_MAX_ROWS].float().numpy()
    names = dataset.columns or tuple(f"x{index}" for index in range(values.shape[1]))
    columns = [_column(name, values[:, index], INPUT, "number") for index, name in enumerate(names)]
    target, classes = dataset.train.target, dataset.facts.class_names
    texts: tuple[str, ...] = ()
    if target is not None and target.ndim == 1:
        numbers = target[:_MAX_ROWS].numpy()
        name = (dataset.target_names or ("y",))[0]
        if classes:
            texts = tuple(classes[index] for index in numbers.tolist())
            counts = np.bincount(numbers, minlength=len(classes))
            columns.append(
                PageColumn(
                    name, TARGET, "class", "category", 0, len(classes),
                    bars=tuple(counts.tolist()), words=classes,
                )
            )  # fmt: skip
        else:
            texts = tuple(f"{value:.5g}" for value in numbers.tolist())
            columns.append(_column(name, numbers.astype(np.float32), TARGET, "value"))
        names = (*names, name)
    rows = _ArrayRows(names, values, texts)
    lines = np.arange(len(rows))
    return PageTable(tuple(columns), rows, lines, "", "", has_header=False, is_fixed=True)


def _column(name: str, values: npt.NDArray[np.float32], role: str, use: str) -> PageColumn:
    distinct = len(np.unique(values))
    counts, edges = np.histogram(values, bins=min(_BINS, max(distinct, 1)))
    low, high = float(edges[0]), float(edges[-1])
    return PageColumn(
        name, role, use, "number", 0, distinct,
        bars=tuple(counts.tolist()), range_text=number_range(low, high),
        exact_range=f"{low:g} – {high:g}",
    )  # fmt: skip
