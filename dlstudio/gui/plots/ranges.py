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
_AHEAD = 0.2
"""Room where a curve has just left the range: it is likely to go on that way."""
_FULL = 0.65
"""A range of which the curves fill less than this share is too wide."""
_NEAR_ZERO = 0.5
"""Values whose least lies below this share of the largest are shown from zero up."""
_FINEST = 4096


def end_of_axis(reached: float, planned: float) -> float:
    """Return where the axis ends: at the planned end, or at the halves and quarters before it.

    Args:
        reached: How far the longest run has come, in the axis's unit.
        planned: Where it is to end, in the same unit; 0 where that is not known.
    """
    if reached >= planned:
        return max(reached, 1e-9)
    end = planned
    while end > planned / _FINEST and reached <= end / 2:
        end /= 2
    return 0.75 * end if reached <= 0.75 * end else end


def calm_range(least: float, most: float, shown: Range | None, *, from_zero: bool) -> Range:
    """Return a range that holds the values: the one on show as long as it suits them.

    Args:
        least: The smallest value.
        most: The largest value.
        shown: The present range, None where there is none.
        from_zero: Whether small positive values are best seen from zero up.
    """
    spread = most - least or abs(most) * 0.2 or 1.0
    low, high = least - _MARGIN * spread, most + _MARGIN * spread
    grounded = from_zero and 0 <= least < _NEAR_ZERO * most
    if grounded:
        low = -0.02 * most
    if shown is None:
        return low, high
    width = shown[1] - shown[0]
    filled = most - (0.0 if grounded else least)
    if shown[0] <= least and most <= shown[1] and filled >= _FULL * width:
        return shown
    if most > shown[1]:
        high = most + _AHEAD * spread
    if least < shown[0] and not grounded:
        low = least - _AHEAD * spread
    return low, high


class Scale:
    """The range of one value axis, from redraw to redraw."""

    def __init__(self) -> None:
        """Know no value yet."""
        self._extremes: Range | None = None
        self._shown: Range | None = None

    def forget(self) -> None:
        """Choose the next range freely."""
        self._shown = None

    def begin(self) -> None:
        """Begin a redraw: no curve has been seen."""
        self._extremes = None

    def reckon(self, values: npt.NDArray[np.float64]) -> None:
        """Let the axis hold a curve."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        least, most = self._extremes or (np.inf, -np.inf)
        self._extremes = min(least, float(finite.min())), max(most, float(finite.max()))

    def range(self, *, percent: bool = False, from_zero: bool = True) -> Range | None:
        """Return what to show; None while there is nothing.

        Args:
            percent: Whether the values are shares, which are shown from 0 to 1.
            from_zero: As `calm_range` takes it.
        """
        if percent:
            self._shown = (-0.04, 1.04)
        elif self._extremes is not None:
            self._shown = calm_range(*self._extremes, self._shown, from_zero=from_zero)
        return self._shown
