from __future__ import annotations

import numpy as np
import pytest

from dlstudio.gui.plots.ranges import Scale, calm_range, end_of_axis


@pytest.mark.parametrize(
    ("reached", "end"), [(0.2, 0.25), (1, 1), (1.1, 1.5), (1.6, 2), (2.1, 3), (3.5, 4), (9, 9)]
)
def test_the_axis_ends_at_a_round_part_of_the_plan(reached: float, end: float) -> None:
    assert end_of_axis(reached, 4) == end


def test_without_a_plan_the_axis_ends_where_the_run_is() -> None:
    assert end_of_axis(120, 0) == 120


def test_a_long_run_moves_its_axis_rarely() -> None:
    ends = {end_of_axis(step, 10_000) for step in range(1, 10_001)}
    assert len(ends) <= 26
    assert all(end_of_axis(step, 10_000) >= step for step in range(1, 10_001, 7))


def test_a_falling_loss_keeps_its_range() -> None:
    current = None
    ranges = set()
    for least in np.geomspace(2.3, 0.01, 200):
        current = calm_range(float(least), 2.3, current, from_zero=True)
        assert current[0] <= least
        ranges.add(current)
    assert len(ranges) <= 15


def test_values_that_leave_are_followed_and_a_range_too_wide_is_given_up() -> None:
    low, high = calm_range(1.0, 20.0, (0.0, 10.0), from_zero=False)
    assert low <= 1
    assert high > 20
    assert calm_range(4.0, 5.0, (0.0, 10.0), from_zero=False) == (3.95, 5.05)


def test_a_scale_passes_over_what_is_no_number() -> None:
    scale = Scale()
    assert scale.range() is None
    scale.reckon(np.array([np.nan, np.inf]))
    assert scale.range() is None
    scale.reckon(np.array([1.0, np.nan, 3.0]))
    limits = scale.range(from_zero=False)
    assert limits == pytest.approx((0.9, 3.1))
    scale.begin()
    scale.reckon(np.array([1.1, 2.9]))
    assert scale.range(from_zero=False) == limits
    assert scale.range(percent=True) == (-0.04, 1.04)
