"""A growing curve that can be drawn quickly at any length. Imports no widget.

Arrays are preallocated and doubled when full. Stored range sums give the mean over any window, so
the cost of smoothing grows with the pixels shown, not with the number of points.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dlstudio.gui.runs.range_sums import RangeSums

Floats = npt.NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)

_INITIAL_CAPACITY = 1024


class Series:
    """Values `y` over ascending `x`."""

    def __init__(self) -> None:
        self._x = np.empty(_INITIAL_CAPACITY, np.float64)
        self._y = np.empty(_INITIAL_CAPACITY, np.float32)
        self._sums = RangeSums()
        self._finite_counts = np.zeros(_INITIAL_CAPACITY + 1, np.int64)
        self._size = 0

    def __len__(self) -> int:
        """Return the number of points."""
        return self._size

    @property
    def x(self) -> Floats:
        """All x values; a read-only view."""
        return self._x[: self._size]

    @property
    def y(self) -> npt.NDArray[np.float32]:
        """All y values; a read-only view."""
        return self._y[: self._size]

    @property
    def last(self) -> float:
        """The last value, or NaN."""
        return float(self._y[self._size - 1]) if self._size else float("nan")

    def last_mean(self, window: int) -> float:
        """Return the mean of the last `window` values, or NaN."""
        values = self._y[max(self._size - window, 0) : self._size]
        known = values[np.isfinite(values)]
        return float(known.mean(dtype=np.float64)) if len(known) else float("nan")

    def append(self, x: npt.ArrayLike, y: npt.ArrayLike) -> None:
        """Append one or more points."""
        positions = np.atleast_1d(np.asarray(x, np.float64))
        values = np.atleast_1d(np.asarray(y, np.float32))
        start, end = self._size, self._size + len(values)
        self._reserve(end)
        self._x[start:end] = positions
        self._y[start:end] = values
        self._sums.write(start, values)
        self._finite_counts[start + 1 : end + 1] = self._finite_counts[start] + np.cumsum(
            np.isfinite(values)
        )
        self._size = end

    def truncate(self, x: float) -> None:
        """Drop all points beyond `x`."""
        self._size = int(np.searchsorted(self.x, x, side="right"))

    def value_at(self, x: float) -> float:
        """Return the value of the point nearest to `x`, or NaN."""
        if not self._size:
            return float("nan")
        right = int(np.clip(np.searchsorted(self.x, x), 0, self._size - 1))
        left = max(right - 1, 0)
        nearest = left if x - self._x[left] <= self._x[right] - x else right
        return float(self._y[nearest])

    def peaks(self, low: float, high: float, columns: int) -> tuple[Floats, Floats]:
        """Return at most two points per column: the minimum and the maximum.

        Covers the points between `low` and `high` and one neighbour on each side, so that lines
        extend to the border.
        """
        first, end = self._index_range(low, high)
        count = end - first
        per_column = count // max(columns, 1)
        if per_column <= 2:
            return self._x[first:end].copy(), self._y[first:end].astype(np.float64)
        grouped_end = first + (count // per_column) * per_column
        block = self._y[first:grouped_end].reshape(-1, per_column)
        peaks = np.empty(2 * len(block) + (end - grouped_end), np.float64)
        peaks[0 : 2 * len(block) : 2] = np.fmin.reduce(block, axis=1)
        peaks[1 : 2 * len(block) : 2] = np.fmax.reduce(block, axis=1)
        peaks[2 * len(block) :] = self._y[grouped_end:end]
        positions = np.repeat(self._x[first:grouped_end:per_column], 2)
        return np.concatenate([positions, self._x[grouped_end:end]]), peaks

    def means(self, low: float, high: float, columns: int, window: int) -> tuple[Floats, Floats]:
        """Return the moving average over `window` values at no more than `columns` points."""
        first, end = self._index_range(low, high)
        if end <= first:
            return np.empty(0), np.empty(0)
        positions = np.unique(
            np.linspace(first, end - 1, min(max(columns, 2), end - first)).round()
        )
        centres = positions.astype(np.int64)
        before = np.maximum(centres - (max(window, 1) - 1) // 2, 0)
        after = np.minimum(centres + max(window, 1) // 2 + 1, self._size)
        known = self._finite_counts[after] - self._finite_counts[before]
        sums = self._sums.sum_between(before, after)
        means = np.divide(sums, known, out=np.full(len(centres), np.nan), where=known > 0)
        return self._x[centres], means

    def _index_range(self, low: float, high: float) -> tuple[int, int]:
        first = int(np.searchsorted(self.x, low)) - 1
        end = int(np.searchsorted(self.x, high, side="right")) + 1
        return max(first, 0), min(max(end, 0), self._size)

    def _reserve(self, size: int) -> None:
        if size <= len(self._y):
            return
        capacity = max(size, 2 * len(self._y))
        self._x = _resized(self._x, capacity)
        self._y = _resized(self._y, capacity)
        self._finite_counts = _resized(self._finite_counts, capacity + 1)


def _resized(array: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    resized = np.zeros(size, array.dtype)
    resized[: len(array)] = array
    return resized
