"""Ranges for a plot's axes that stand still while a curve grows. Knows no widget.

An axis that creeps along with every redraw is restless to look at, and laying it out anew costs
more than drawing the curves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Range = tuple[float, float]

_MARGIN = 0.05
"""Room beyond the extremes, as a share of their distance."""
_HEADROOM = 0.2
"""Room where a curve has just left the range: it is likely to go on that way."""
_MIN_FILLED = 0.65
"""A range of which the curves fill less than this share is too wide."""
_NEAR_ZERO = 0.5
"""Values whose least lies below this share of the largest are shown from zero up."""
_MAX_DIVISIONS = 4096


def axis_end(reached: float, planned: float) -> float:
    """Return where the axis ends: at the planned end, or at the halves and quarters before it.

    Args:
        reached: How far the longest run has come, in the axis's unit.
        planned: Where it is to end, in the same unit; 0 where that is not known.
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
    """Return a range that holds the values: the one on show as long as it suits them.

    Args:
        smallest: The smallest value.
        largest: The largest value.
        current: The present range, None where there is none.
        from_zero: Whether small positive values are best seen from zero up.
    """
    spread = largest - smallest or abs(largest) * 0.2 or 1.0
    low, high = smallest - _MARGIN * spread, largest + _MARGIN * spread
    grounded = from_zero and 0 <= smallest < _NEAR_ZERO * largest
    if grounded:
        low = -0.02 * largest
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
    """The range of one value axis, from redraw to redraw."""

    def __init__(self) -> None:
        """Know no value yet."""
        self._extremes: Range | None = None
        self._current: Range | None = None

    def reset(self) -> None:
        """Choose the next range freely."""
        self._current = None

    def begin_redraw(self) -> None:
        """Begin a redraw: no curve has been seen."""
        self._extremes = None

    def include(self, values: npt.NDArray[np.float64]) -> None:
        """Let the axis hold a curve."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        least, most = self._extremes or (np.inf, -np.inf)
        self._extremes = min(least, float(finite.min())), max(most, float(finite.max()))

    def next_range(self, *, percent: bool = False, from_zero: bool = True) -> Range | None:
        """Return what to show; None while there is nothing.

        Args:
            percent: Whether the values are shares, which are shown from 0 to 1.
            from_zero: As `stable_range` takes it.
        """
        if percent:
            self._current = (-0.04, 1.04)
        elif self._extremes is not None:
            self._current = stable_range(*self._extremes, self._current, from_zero=from_zero)
        return self._current
