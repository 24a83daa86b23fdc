from __future__ import annotations

import pytest

from dlstudio.training.figure_names import is_share, metric_title
from dlstudio.training.task_table import TASKS


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
def test_a_figure_is_called_as_the_field_calls_it(name: str, title: str) -> None:
    assert metric_title(name) == title


FIGURES = sorted({name for task in TASKS.values() for name in task.figures})


@pytest.mark.parametrize("figure", FIGURES)
def test_no_figure_is_called_by_a_bare_abbreviation(figure: str) -> None:
    words = metric_title(f"validation_{figure}").split()
    assert not {"mae", "mse", "r2", "iou", "kl", "elbo"} & set(words)


def test_no_two_figures_have_the_same_words() -> None:
    assert len({metric_title(name) for name in FIGURES}) == len(FIGURES) > 10


def test_shares_are_read_in_per_cent() -> None:
    shares = ("test_accuracy", "label_accuracy", "validation_rows_right", "train_retrieval")
    assert all(map(is_share, shares))
    assert not any(map(is_share, ("loss", "validation_r2", "test_mean_iou", "perplexity")))
