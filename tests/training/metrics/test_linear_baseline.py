import math
from pathlib import Path

import pytest

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.side.baseline_bars import baseline_text
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


def test_tokens_are_judged_by_the_most_frequent_one(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("aaab" * 400)
    baseline = baseline_of(DataSettings("text", {"path": str(text)}))
    assert (baseline.guess_title, baseline.unit) == ("most frequent character", "characters")
    assert baseline.guess == pytest.approx(0.75, abs=0.02)
    assert baseline.linear_title == ""
    assert f"{baseline.rows:,} characters of the validation samples" in baseline_text(baseline)


def test_padding_of_sequences_is_not_judged() -> None:
    dataset = load_data(DataSettings("dates", {"samples": 50}))
    data = baseline_data(dataset)
    assert data is not None
    assert dataset.validation is not None
    assert dataset.validation.target is not None
    known = dataset.validation.target[dataset.validation.target != IGNORE_INDEX]
    assert compute_baseline(data).rows == len(known)


def test_images_are_rows_of_pixels() -> None:
    baseline = baseline_of(DataSettings("digits"))
    assert baseline.linear > 0.9
