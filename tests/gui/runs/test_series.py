from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.gui.runs.series import Series

VALUES = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=400)


def to_series(values: list[float]) -> Series:
    series = Series()
    for index, value in enumerate(values[: len(values) // 2]):
        series.append(index, value)
    rest = values[len(values) // 2 :]
    series.append(np.arange(len(values) - len(rest), len(values)), rest)
    return series


@given(VALUES, st.integers(1, 50))
def test_peaks_keep_minimum_and_maximum(values: list[float], columns: int) -> None:
    x, y = to_series(values).peaks(-np.inf, np.inf, columns)
    expected = np.asarray(values, np.float32)
    assert y.min() == expected.min()
    assert y.max() == expected.max()
    assert np.all(np.diff(x) >= 0)
    assert len(y) <= max(3 * columns + 3, 2 * columns + len(values) % columns + 3)


@given(VALUES, st.integers(1, 60))
def test_means_equal_the_windowed_mean(values: list[float], window: int) -> None:
    series = to_series(values)
    x, y = series.means(-np.inf, np.inf, 10_000, window)
    exact = np.asarray(values, np.float32).astype(np.float64)
    for index, mean in zip(x.astype(int), y, strict=True):
        window_values = exact[max(index - (window - 1) // 2, 0) : index + window // 2 + 1]
        assert abs(mean - window_values.mean()) < 1e-6 * (1 + np.abs(exact).sum())


def test_nan_is_ignored_in_means_and_peaks() -> None:
    series = to_series([1.0, 2.0, float("nan"), 4.0])
    _, means = series.means(-np.inf, np.inf, 10, 3)
    assert means.tolist() == [1.5, 1.5, 3.0, 4.0]
    assert series.last_mean(2) == 4.0
    _, peaks = series.peaks(-np.inf, np.inf, 1)
    assert np.nanmax(peaks) == 4.0


def test_peaks_cover_only_the_visible_range() -> None:
    series = to_series(list(range(1000)))
    x, _ = series.peaks(400, 500, 10_000)
    assert x[0] >= 398
    assert x[-1] <= 502


def test_truncate_drops_later_values() -> None:
    series = to_series([float(value) for value in range(2000)])
    series.truncate(99)
    series.append([100], [7.0])
    assert len(series) == 101
    assert series.last == 7.0
    assert series.value_at(98.6) == 99.0
    assert series.last_mean(2) == (99 + 7) / 2


def test_last_mean_is_correct_after_a_huge_loss() -> None:
    series = Series()
    series.append(np.arange(61), [6e23, *[5.0] * 60])
    assert series.last_mean(50) == 5.0
    assert series.last_mean(61) == pytest.approx(6e23 / 61)


@pytest.mark.parametrize("spike", [3e38, -1e30, float("inf")])
def test_spike_does_not_change_later_means(spike: float) -> None:
    values = np.geomspace(3.0, 1e-3, 5000).astype(np.float32)
    plain, spiked = Series(), Series()
    plain.append(np.arange(5000), values)
    values[700] = spike
    for chunk in np.array_split(np.arange(5000), 37):
        spiked.append(chunk, values[chunk])
    _, expected = plain.means(-np.inf, np.inf, 10_000, 100)
    _, means = spiked.means(-np.inf, np.inf, 10_000, 100)
    assert means[800:] == pytest.approx(expected[800:], rel=1e-12)
    assert means[:650] == pytest.approx(expected[:650], rel=1e-12)


@given(VALUES, VALUES, st.integers(1, 60), st.data())
def test_means_are_correct_after_truncate(
    values: list[float], others: list[float], window: int, data: st.DataObject
) -> None:
    series, kept_count = to_series(values), data.draw(st.integers(0, len(values)))
    series.truncate(kept_count - 1)
    series.append(np.arange(kept_count, kept_count + len(others)), others)
    fresh = to_series([*values[:kept_count], *others])
    assert np.array_equal(
        series.means(-np.inf, np.inf, 10_000, window), fresh.means(-np.inf, np.inf, 10_000, window)
    )
