"""The learning-rate range test as plain numbers: its rates, its curve and its suggestion.

Source: Leslie N. Smith, "Cyclical learning rates for training neural networks", WACV 2017,
arXiv:1506.01186. Does not import torch.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings, chosen
from dlstudio.training.specs.registry import TASKS

LOWEST_RATE = 1e-6
STEPS = 150
SMOOTHING = 0.9
"""Share of the earlier losses in each smoothed one."""
RISE = 4.0
"""The test ends when the smoothed loss is so many times the lowest one."""
MIN_STEPS = 10
"""Steps before a rise can end the test: the first losses are those of single batches."""
_HIGHEST_RATES: Mapping[str, float] = {"sgd": 10.0}
_HIGHEST_ADAPTIVE_RATE = 1.0
"""Adaptive optimisers change each weight by about the rate in every step."""
_BELOW_LOWEST_LOSS = 10.0
_LEVEL_SHARE = 0.2
"""The first steps, at rates that change nothing, show the initial loss and its noise."""
_MIN_DROP, _NOISE_FACTOR = 0.01, 4.0
"""The smoothed loss must fall by this share, and by this many standard deviations of its noise."""


@dataclass(frozen=True, slots=True)
class RateSweep:
    """Rates that rise by an equal factor from step to step."""

    lowest: float
    highest: float
    steps: int = STEPS

    def rate(self, step: int) -> float:
        """Return the rate of a step, counted from 0."""
        share = step / (self.steps - 1)
        return float(self.lowest ** (1 - share) * self.highest**share)


@dataclass(frozen=True)
class RateCurve:
    """What a test measured.

    Attributes:
        rates: The rate of each step.
        losses: The training loss of each step, before the step; all are finite.
        diverged: Whether the loss rose too far, or was not finite, before the highest rate.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    diverged: bool = False

    @cached_property
    def smoothed(self) -> tuple[float, ...]:
        """The smoothed losses."""
        return smooth(self.losses)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rate, or the reason why there is none."""

    rate: float | None
    reason: str = ""


def refusal(training: TrainingSettings) -> str:
    """Return why no test makes sense with these settings, as a clause; empty if one does."""
    task = TASKS.get(training.task)
    if task is not None and task.groups:
        return "its networks train against each other"
    groups = _trained_groups(training)
    if not groups:
        return "all parameter groups are frozen"
    rates = [group.optimiser.learning_rate for group in groups]
    if rates[0] == 0 and any(rates):
        return f"the rate of its group “{groups[0].name}” is 0"
    if len({group.optimiser.name for group in groups}) > 1:
        return "its parameter groups have different optimisers"
    return ""


def sweep_for(training: TrainingSettings) -> RateSweep:
    """Return the rates to try with the optimiser of settings that `refusal` accepts."""
    optimiser = _trained_groups(training)[0].optimiser.name
    return RateSweep(LOWEST_RATE, _HIGHEST_RATES.get(optimiser, _HIGHEST_ADAPTIVE_RATE))


def with_rate(training: TrainingSettings, rate: float) -> TrainingSettings:
    """Return resolved settings in which the first group that is trained has a learning rate.

    The rates of the other groups keep their ratio to it; rate factors stay as they are.
    """
    first = chosen(_trained_groups(training)[0].optimiser.learning_rate)

    def scaled(group: ParameterGroup) -> ParameterGroup:
        own = chosen(group.optimiser.learning_rate)
        group_rate = rate if own == first else float(f"{rate * own / first:.6g}")
        return replace(group, optimiser=replace(group.optimiser, learning_rate=group_rate))

    groups = tuple(group if group.frozen else scaled(group) for group in training.groups)
    return replace(training, groups=groups)


def _trained_groups(training: TrainingSettings) -> tuple[ParameterGroup, ...]:
    return tuple(group for group in training.groups if not group.frozen)


def smooth(losses: Sequence[float]) -> tuple[float, ...]:
    """Return exponential averages, without the bias towards 0 at the start."""
    smoothed, average = [], 0.0
    for step, loss in enumerate(losses, 1):
        average = SMOOTHING * average + (1 - SMOOTHING) * loss
        smoothed.append(average / (1 - SMOOTHING**step))
    return tuple(smoothed)


def has_risen(smoothed: Sequence[float]) -> bool:
    """Whether the last smoothed loss is too far above the lowest one."""
    if len(smoothed) < MIN_STEPS:
        return False
    lowest = min(smoothed)
    return smoothed[-1] > lowest + (RISE - 1) * abs(lowest)


def suggest(curve: RateCurve) -> Suggestion:
    """Return a tenth of the rate at which the smoothed loss is lowest.

    The loss is lowest shortly before training diverges, so that rate itself is too high. The rate
    of the steepest descent is often too high as well, because the loss lags behind the rate.
    """
    if len(curve.losses) < MIN_STEPS:
        text = "The loss is not finite from the first steps on, so there is no rate to suggest."
        return Suggestion(None, text)
    smoothed = curve.smoothed
    level = curve.losses[: max(MIN_STEPS, round(_LEVEL_SHARE * len(curve.losses)))]
    initial = statistics.fmean(level)
    lowest_rate = _BELOW_LOWEST_LOSS * curve.rates[0]
    places = [at for at, rate in enumerate(curve.rates) if rate >= lowest_rate]
    at = min(places, key=smoothed.__getitem__, default=0)
    drop = initial - smoothed[at] if places else 0.0
    noise = statistics.pstdev(level) * math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING))
    if drop <= max(_MIN_DROP * abs(initial), _NOISE_FACTOR * noise):
        if curve.diverged:
            text = "The loss rises without having fallen at a lower rate"
        else:
            text = "The loss falls at no rate"
        return Suggestion(None, f"{text}, so there is no rate to suggest.")
    return Suggestion(rounded_rate(curve.rates[at] / _BELOW_LOWEST_LOSS))


def rounded_rate(rate: float) -> float:
    """Return a rate in two digits."""
    return float(f"{rate:.1e}")
