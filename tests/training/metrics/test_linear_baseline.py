import math

import pytest

from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.training.metrics.linear_baseline import Baseline, baseline_data, compute_baseline


def baseline_of(settings: DataSettings) -> Baseline:
    data = baseline_data(load_data(settings))
    assert data is not None
    return compute_baseline(data)


def test_classes_are_judged_by_accuracy() -> None:
    baseline = baseline_of(DataSettings("iris"))
    assert baseline.measure == "accuracy"
    assert baseline.guess == pytest.approx(1 / 3, abs=0.05)
    assert baseline.best == baseline.linear > 0.85
    expected = math.sqrt(baseline.linear * (1 - baseline.linear) / baseline.rows)
    assert baseline.standard_error == pytest.approx(expected)


def test_values_are_judged_by_the_mean_absolute_error() -> None:
    baseline = baseline_of(DataSettings("diabetes"))
    assert baseline.measure == "error"
    assert baseline.best == baseline.linear < baseline.guess
    assert 0.2 < baseline.r2 < 0.7


def test_sequences_of_tokens_have_no_baseline() -> None:
    assert baseline_data(load_data(DataSettings("dates", {"samples": 50}))) is None


def test_images_are_rows_of_pixels() -> None:
    baseline = baseline_of(DataSettings("digits"))
    assert baseline.linear > 0.9
