"""Axis ranges that stay the same for as long as possible while a curve grows. Imports no widget.

An axis that changes with every redraw is distracting, and laying it out again costs more than
drawing the curves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Range = tuple[float, float]

_MARGIN = 0.05
"""Margin beyond the extremes, as a share of their distance."""
_HEADROOM = 0.2
"""Margin on a side where a curve has just left the range, and will probably continue."""
_MIN_FILLED = 0.65
"""A range is too wide if the curves fill less than this share of it."""
_NEAR_ZERO = 0.5
"""The range starts at zero if the smallest value is below this share of the largest."""
_BELOW_ZERO = 0.02
"""Room below zero for the width of a curve, as a share of the largest value; it has no label."""
_MAX_DIVISIONS = 4096


def axis_end(reached: float, planned: float) -> float:
    """Return where the axis ends: at the planned end, or at a half or three quarters of it.

    Args:
        reached: The last position of the longest run, in the axis's unit.
        planned: The planned end in the same unit; 0 if unknown.
    """
    if reached >= planned:
        return max(reached, 1e-9)
    end = planned
    while end > planned / _MAX_DIVISIONS and reached <= end / 2:
        end /= 2
    return 0.75 * end if reached <= 0.75 * end else end


def stable_range(
    smallest: float, largest: float, current: Range | None, *, from_zero: bool
) -> Range:
    """Return a range that contains the values: the current one if it is suitable.

    Args:
        smallest: The smallest value.
        largest: The largest value.
        current: The current range, if any.
        from_zero: Whether small positive values are shown from zero.
    """
    spread = largest - smallest or abs(largest) * 0.2 or 1.0
    low, high = smallest - _MARGIN * spread, largest + _MARGIN * spread
    grounded = from_zero and smallest >= 0 and (smallest < _NEAR_ZERO * largest or not largest)
    if grounded:
        low = -_BELOW_ZERO * (largest or high)
    if current is None:
        return low, high
    width = current[1] - current[0]
    filled = largest - (0.0 if grounded else smallest)
    if current[0] <= smallest and largest <= current[1] and filled >= _MIN_FILLED * width:
        return current
    if largest > current[1]:
        high = largest + _HEADROOM * spread
    if smallest < current[0] and not grounded:
        low = smallest - _HEADROOM * spread
    return low, high


class StableRange:
    """The range of one value axis across redraws."""

    def __init__(self) -> None:
        self._extremes: Range | None = None
        self._current: Range | None = None

    def reset(self) -> None:
        """Ignore the current range when choosing the next one."""
        self._current = None

    def begin_redraw(self) -> None:
        """Start a redraw: forget the curves included so far."""
        self._extremes = None

    def include(self, values: npt.NDArray[np.float64]) -> None:
        """Include the finite values of a curve in the extremes."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        low, high = self._extremes or (np.inf, -np.inf)
        self._extremes = min(low, float(finite.min())), max(high, float(finite.max()))

    @property
    def lower_limit(self) -> float | None:
        """The lowest position that makes sense; None if values below zero are known."""
        if self._extremes is None or self._extremes[0] < 0:
            return None
        return -_BELOW_ZERO * (self._extremes[1] or _MARGIN)

    def next_range(self, *, percent: bool = False, from_zero: bool = True) -> Range | None:
        """Return the range to show; None while no value is known.

        Args:
            percent: Whether the values are fractions, shown from 0 to 1.
            from_zero: See `stable_range`.
        """
        if percent:
            self._current = (-0.04, 1.04)
        elif self._extremes is not None:
            self._current = stable_range(*self._extremes, self._current, from_zero=from_zero)
        return self._current
