from __future__ import annotations

import numpy as np
import pytest

from dlstudio.gui.plots.curves.axis_range import StableRange, axis_end, stable_range


@pytest.mark.parametrize(
    ("reached", "end"), [(0.2, 0.25), (1, 1), (1.1, 1.5), (1.6, 2), (2.1, 3), (3.5, 4), (9, 9)]
)
def test_axis_ends_at_a_round_fraction_of_the_plan(reached: float, end: float) -> None:
    assert axis_end(reached, 4) == end


def test_axis_ends_at_the_current_step_without_a_plan() -> None:
    assert axis_end(120, 0) == 120


def test_axis_end_changes_rarely_in_a_long_run() -> None:
    ends = {axis_end(step, 10_000) for step in range(1, 10_001)}
    assert len(ends) <= 26
    assert all(axis_end(step, 10_000) >= step for step in range(1, 10_001, 7))


def test_range_changes_rarely_for_a_falling_loss() -> None:
    current = None
    ranges = set()
    for least in np.geomspace(2.3, 0.01, 200):
        current = stable_range(float(least), 2.3, current, from_zero=True)
        assert current[0] <= least
        ranges.add(current)
    assert len(ranges) <= 15


def test_range_grows_and_shrinks_with_the_values() -> None:
    low, high = stable_range(1.0, 20.0, (0.0, 10.0), from_zero=False)
    assert low <= 1
    assert high > 20
    assert stable_range(4.0, 5.0, (0.0, 10.0), from_zero=False) == (3.95, 5.05)


def test_stable_range_ignores_nan_and_inf() -> None:
    scale = StableRange()
    assert scale.next_range() is None
    scale.include(np.array([np.nan, np.inf]))
    assert scale.next_range() is None
    scale.include(np.array([1.0, np.nan, 3.0]))
    limits = scale.next_range(from_zero=False)
    assert limits == pytest.approx((0.9, 3.1))
    scale.begin_redraw()
    scale.include(np.array([1.1, 2.9]))
    assert scale.next_range(from_zero=False) == limits
    assert scale.next_range(percent=True) == (-0.04, 1.04)
