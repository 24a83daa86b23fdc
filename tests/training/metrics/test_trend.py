from __future__ import annotations

import math
from random import Random

import pytest

from dlstudio.training.metrics.trend import (
    default_epochs,
    epochs_to_continue,
    overfitting_since,
    rounded_epochs,
)


def decay(epochs: int, scale: float, floor: float = 0.2, noise: float = 0.0) -> list[float]:
    """Return a loss that falls exponentially towards `floor`, with a fixed random deviation."""
    random = Random(3)
    return [
        floor + math.exp(-epoch / scale) * (1 + noise * random.gauss(0, 1))
        for epoch in range(epochs)
    ]


@pytest.mark.parametrize(
    ("losses", "low", "high"),
    [
        ([1.0 - 0.02 * epoch for epoch in range(20)], 20, 20),
        ([1.6, 1.4, 1.2], 3, 3),
        (decay(40, 30.0), 30, 40),
        (decay(40, 30.0, noise=0.05), 20, 40),
        (decay(100, 40.0), 50, 100),
    ],
    ids=["straight", "three epochs", "exponential", "noisy", "slow"],
)
def test_clearly_falling_loss_is_continued(losses: list[float], low: int, high: int) -> None:
    assert low <= epochs_to_continue(losses) <= high <= len(losses)


def test_loss_near_its_limit_needs_fewer_epochs_than_one_that_falls_steadily() -> None:
    steady = [1.0 - 0.02 * epoch for epoch in range(40)]
    assert epochs_to_continue(decay(40, 15.0)) < epochs_to_continue(steady)


@pytest.mark.parametrize(
    "losses",
    [
        [],
        [1.0, 0.5],
        [0.5] * 20,
        decay(100, 5.0),
        [0.5 + 0.01 * abs(epoch - 12) for epoch in range(30)],
        [1.0, 0.2, *(0.2 + 0.05 * (-1) ** epoch for epoch in range(30))],
        [math.nan] * 20,
        [math.exp(-epoch / 3) for epoch in range(40)],
        [1.0 + 0.5 * epoch for epoch in range(10)],
    ],
    ids=["none", "too few", "flat", "over", "rises", "noise", "nan", "vanishes", "diverges"],
)
def test_loss_that_no_longer_clearly_falls_is_not_continued(losses: list[float]) -> None:
    assert epochs_to_continue(losses) == 0


def test_last_epoch_that_is_worse_than_an_earlier_best_is_no_clear_fall() -> None:
    assert epochs_to_continue([0.3, *(1.0 - 0.02 * epoch for epoch in range(20))]) == 0


@pytest.mark.parametrize(
    ("epochs", "rounded"),
    [(0.2, 1), (1.4, 1), (1.5, 2), (2.3, 2), (2.6, 3), (4.0, 5), (8.0, 10), (24.0, 20), (38, 30)],
)
def test_numbers_of_epochs_are_rounded(epochs: float, rounded: int) -> None:
    assert rounded_epochs(epochs) == rounded


def test_default_is_a_share_of_the_completed_epochs() -> None:
    assert [default_epochs(epochs) for epochs in (1, 10, 100)] == [1, 2, 20]


def test_rising_validation_loss_beside_a_falling_training_loss_is_overfitting() -> None:
    falling = [1 / (epoch + 1) for epoch in range(20)]
    rising = [0.5, 0.4, 0.3, *(0.3 + 0.02 * epoch for epoch in range(1, 18))]
    assert overfitting_since(falling, rising) == 3
    assert overfitting_since([1.0] * 20, rising) == 0
    assert overfitting_since(falling, falling) == 0
    assert overfitting_since(falling, [0.3] * 20) == 0
    assert overfitting_since(falling[:6], rising[:6]) == 0
    assert overfitting_since(falling, [*rising[:-1], math.nan]) == 0
