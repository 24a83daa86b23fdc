"""Sums over any range of a growing array, numerically safe beside huge values.

The difference of two running sums loses precision after a huge number. Here only numbers within the
range are added: sums of 2, 4, 8, … neighbours are stored and combined, as in a segment tree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


class RangeSums:
    """Level k holds the sums of 2^k neighbours; non-finite numbers count as zero."""

    def __init__(self) -> None:
        self._levels: list[Floats] = [np.zeros(1024)]

    def write(self, start: int, values: npt.NDArray[np.float32]) -> None:
        """Write numbers from index `start` on and truncate after them."""
        end = start + len(values)
        self._reserve(0, end)
        self._levels[0][start:end] = np.where(np.isfinite(values), values, 0)
        level = 1
        while (first := start >> level) < (last := end >> level):
            self._reserve(level, last)
            pairs = self._levels[level - 1][2 * first : 2 * last]
            self._levels[level][first:last] = pairs[0::2] + pairs[1::2]
            level += 1

    def sum_between(self, first: Indices, end: Indices) -> Floats:
        """Return the sums over the half-open ranges [first, end)."""
        left, right = first.copy(), end.copy()
        sums = np.zeros(len(left))
        for blocks in self._levels:
            is_open = left < right
            if not is_open.any():
                break
            odd = is_open & (left & 1 == 1)
            sums[odd] += blocks[left[odd]]
            left[odd] += 1
            odd = is_open & (right & 1 == 1)
            right[odd] -= 1
            sums[odd] += blocks[right[odd]]
            left >>= 1
            right >>= 1
        return sums

    def _reserve(self, level: int, size: int) -> None:
        if level == len(self._levels):
            self._levels.append(np.zeros(size))
        level_sums = self._levels[level]
        if size > len(level_sums):
            self._levels[level] = np.zeros(max(size, 2 * len(level_sums)))
            self._levels[level][: len(level_sums)] = level_sums
