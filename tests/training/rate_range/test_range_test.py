"""The numbers of the learning-rate range test: rates, smoothing, suggestion, refusals."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from dlstudio.design.model.training_settings import (
    Optimiser,
    ParameterGroup,
    TrainingSettings,
)
from dlstudio.training.rate_range.range_test import (
    LOWEST_RATE,
    SMOOTHING,
    STEPS,
    RateCurve,
    RateSweep,
    has_risen,
    refusal,
    smooth,
    suggest,
    sweep_for,
    with_rate,
)
from dlstudio.training.specs.registry import TASKS


def settings(*groups: ParameterGroup, task: str = "classification") -> TrainingSettings:
    return TrainingSettings(groups=groups or (ParameterGroup(),), task=task)


def group(name: str = "all", rate: float = 1e-3, factor: float = 1.0) -> ParameterGroup:
    return ParameterGroup(name, optimiser=Optimiser(learning_rate=rate), factor=factor)


def frozen(one: ParameterGroup) -> ParameterGroup:
    return replace(one, frozen=True)


def curve_of(losses: list[float], sweep: RateSweep, *, diverged: bool = False) -> RateCurve:
    rates = tuple(sweep.rate(step) for step in range(len(losses)))
    return RateCurve(rates, tuple(losses), diverged)


def test_rates_rise_by_an_equal_factor_between_both_bounds() -> None:
    sweep = RateSweep(1e-6, 10.0, 150)
    rates = [sweep.rate(step) for step in range(150)]
    assert rates[0] == 1e-6
    assert rates[-1] == 10.0
    factor = 1e7 ** (1 / 149)
    for before, after in pairwise(rates):
        assert after / before == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("optimiser", "highest"), [("sgd", 10.0), ("adam", 1.0), ("adamw", 1.0), ("rmsprop", 1.0)]
)
def test_highest_rate_depends_on_the_optimiser(optimiser: str, highest: float) -> None:
    training = settings(ParameterGroup(optimiser=Optimiser(optimiser)))
    assert sweep_for(training) == RateSweep(LOWEST_RATE, highest, STEPS)


def test_smoothing_is_a_weighted_mean_of_all_losses_so_far() -> None:
    generator = random.Random(1)
    losses = [generator.uniform(-1, 3) for _ in range(40)]
    for step, value in enumerate(smooth(losses)):
        weights = [SMOOTHING ** (step - at) for at in range(step + 1)]
        mean = math.fsum(
            weight * loss for weight, loss in zip(weights, losses, strict=False)
        ) / math.fsum(weights)
        assert value == pytest.approx(mean, rel=1e-12)


def test_equal_losses_are_not_changed_by_smoothing() -> None:
    assert smooth([2.5] * 30) == pytest.approx([2.5] * 30)


@pytest.mark.parametrize(
    ("last", "lowest", "risen"),
    [(4.01, 1.0, True), (3.99, 1.0, False), (-0.9, -1.0, False), (2.1, -1.0, True)],
)
def test_loss_has_risen_at_four_times_the_lowest(last: float, lowest: float, risen: bool) -> None:
    assert has_risen([lowest] * 20 + [last]) is risen


def test_first_batches_cannot_end_the_test() -> None:
    assert not has_risen([1.0] * 5 + [100.0])


def test_suggestion_is_a_tenth_of_the_rate_with_the_lowest_loss() -> None:
    sweep = RateSweep(1e-6, 10.0, 141)
    losses = [2.3 - 2 * math.exp(-((step - 100) ** 2) / 200) for step in range(141)]
    curve = curve_of(losses, sweep)
    lowest = curve.rates[min(range(141), key=curve.smoothed.__getitem__)]
    suggestion = suggest(curve)
    assert suggestion.rate == pytest.approx(lowest / 10, rel=0.05)
    assert suggestion.reason == ""
    assert 0.01 < lowest / 10 < 0.03


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_gives_no_suggestion(seed: int) -> None:
    generator = random.Random(seed)
    losses = [generator.gauss(0.7, 0.1) for _ in range(STEPS)]
    suggestion = suggest(curve_of(losses, RateSweep(1e-6, 1.0)))
    assert suggestion.rate is None
    assert "falls at no rate" in suggestion.reason


def test_rise_without_a_fall_gives_no_suggestion() -> None:
    losses = [1.0] * 60 + [1.1**step for step in range(20)]
    suggestion = suggest(curve_of(losses, RateSweep(1e-6, 1.0), diverged=True))
    assert suggestion.rate is None
    assert "without having fallen" in suggestion.reason


def test_suggestion_is_never_below_the_tested_rates() -> None:
    losses = [1 + 0.01 * step for step in range(60)]
    assert suggest(curve_of(losses, RateSweep(1e-6, 1.0), diverged=True)).rate is None
    assert suggest(curve_of([1.0] * 12, RateSweep(1e-6, 1.0), diverged=True)).rate is None


def test_loss_that_is_never_finite_gives_no_suggestion() -> None:
    suggestion = suggest(RateCurve((), (), diverged=True))
    assert suggestion.rate is None
    assert "not finite" in suggestion.reason


def test_only_tasks_with_groups_of_their_own_are_refused() -> None:
    refused = {name for name in TASKS if refusal(settings(task=name))}
    assert refused == {name for name, task in TASKS.items() if task.groups}
    assert len(refused) == 1


def test_settings_without_a_common_rate_are_refused() -> None:
    sgd = ParameterGroup("head", optimiser=Optimiser("sgd", learning_rate=0.1))
    assert "different optimisers" in refusal(settings(sgd, group()))
    assert "frozen" in refusal(settings(frozen(group())))
    assert "is 0" in refusal(settings(group("head", rate=0.0), group()))
    assert not refusal(settings(group(rate=0.0)))
    assert not refusal(settings(frozen(sgd), group()))


def test_groups_keep_the_ratio_of_their_rates_and_their_factors() -> None:
    training = settings(
        frozen(group("embedding", rate=0.5)),
        group("head", rate=1e-2),
        group("trunk", rate=1e-3, factor=0.1),
    )
    changed = with_rate(training, 0.02)
    assert [one.optimiser.learning_rate for one in changed.groups] == [0.5, 0.02, 0.002]
    assert [one.factor for one in changed.groups] == [1.0, 1.0, 0.1]
