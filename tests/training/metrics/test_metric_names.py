from __future__ import annotations

import pytest

from dlstudio.training.metrics.metric_names import is_percentage, metric_title
from dlstudio.training.specs.registry import METRICS


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("validation_mae", "validation MAE"),
        ("test_r2", "test R²"),
        ("train_mean_iou", "train mean IoU"),
        ("validation_input_mse", "validation MSE of the noisy input"),
        ("train_loss", "train loss"),
        ("learning_rate", "learning rate"),
        ("train", "train"),
    ],
)
def test_metric_title_is_the_standard_name(name: str, title: str) -> None:
    assert metric_title(name) == title


@pytest.mark.parametrize("metric", METRICS)
def test_abbreviations_in_titles_are_upper_case(metric: str) -> None:
    words = metric_title(f"validation_{metric}").split()
    assert not {"mae", "mse", "r2", "iou", "kl", "elbo"} & set(words)


def test_metric_titles_are_unique() -> None:
    assert len({metric_title(name) for name in METRICS}) == len(METRICS) > 10


def test_shares_are_percentages() -> None:
    shares = ("test_accuracy", "label_accuracy", "validation_rows_right", "train_retrieval")
    assert all(map(is_percentage, shares))
    assert not any(map(is_percentage, ("loss", "validation_r2", "test_mean_iou", "perplexity")))
