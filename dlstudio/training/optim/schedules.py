"""Learning-rate schedules as pure functions of the epoch, the step in it and the span of epochs.

A schedule returns a factor of the learning rate. Only plateau depends on a metric; its factor is
part of the loop's state. Does not import torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.training_settings import Schedule
from dlstudio.training.options.named_option import find_option
from dlstudio.training.options.training_options import SCHEDULES


@dataclass(frozen=True, slots=True)
class EpochSpan:
    """A number of epochs planned together; continuing a finished run adds another span.

    Attributes:
        first_epoch: Number of epochs before it.
        epochs: Number of epochs in it.
    """

    first_epoch: int
    epochs: int

    @property
    def end_epoch(self) -> int:
        """Number of epochs up to its end."""
        return self.first_epoch + self.epochs


@dataclass(frozen=True, slots=True)
class SchedulePosition:
    """The position of a step within a run.

    It counts epochs, because earlier ones may have had another number of steps: the data of a
    resumed run may have grown.

    Attributes:
        epoch: Completed epochs of the run.
        index: Completed steps of the current epoch.
        span: The span that contains the step.
        steps_per_epoch: Steps in one epoch, as it is now.
    """

    epoch: int
    index: int
    span: EpochSpan
    steps_per_epoch: int

    @property
    def steps_done(self) -> int:
        """Completed steps of the span, if all its epochs had the length of the current one."""
        return (self.epoch - self.span.first_epoch) * self.steps_per_epoch + self.index

    @property
    def total_steps(self) -> int:
        """Steps in the span."""
        return self.span.epochs * self.steps_per_epoch


Factor = Callable[[SchedulePosition], float]


def factor_function(schedule: Schedule) -> Factor | None:
    """Return the schedule's factor as a function; None if it is 1 at every step.

    Raises:
        ValueError: The schedule is unknown, or one of its settings is invalid.
    """
    settings = find_option(SCHEDULES, schedule.name, "schedule").parse(schedule.settings)
    curve = _CURVES.get(schedule.name)
    return None if curve is None else lambda position: curve(position, settings)


def _step(position: SchedulePosition, settings: Mapping[str, Any]) -> float:
    """Like torch.optim.lr_scheduler.StepLR, over the epochs of the whole run."""
    return float(settings["factor"] ** (position.epoch // settings["every"]))


def _cosine(position: SchedulePosition, settings: Mapping[str, Any]) -> float:
    """Like torch.optim.lr_scheduler.CosineAnnealingLR, with one period over the span."""
    return _cosine_anneal(1.0, float(settings["floor"]), position.steps_done / position.total_steps)


def _linear(position: SchedulePosition, settings: Mapping[str, Any]) -> float:
    """Rise to 1 at the last warm-up step, then fall towards `floor`."""
    warmup_steps = round(float(settings["warmup"]) * position.total_steps)
    if position.steps_done < warmup_steps:
        return (position.steps_done + 1) / warmup_steps
    decay_steps = position.total_steps - warmup_steps
    return float(
        1.0 - (1.0 - settings["floor"]) * (position.steps_done - warmup_steps) / decay_steps
    )


def _one_cycle(position: SchedulePosition, settings: Mapping[str, Any]) -> float:
    """Like torch.optim.lr_scheduler.OneCycleLR with cosine annealing and constant momentum."""
    peak = settings["warmup"] * position.total_steps - 1
    last = position.total_steps - 1
    if position.steps_done <= peak and peak > 0:
        return _cosine_anneal(settings["start"], 1.0, position.steps_done / peak)
    if last <= peak:
        return 1.0
    return _cosine_anneal(1.0, settings["floor"], (position.steps_done - peak) / (last - peak))


def _cosine_anneal(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1.0 + math.cos(math.pi * share)) / 2.0


_CURVES: Mapping[str, Callable[[SchedulePosition, Mapping[str, Any]], float]] = {
    "step": _step,
    "cosine": _cosine,
    "linear": _linear,
    "one-cycle": _one_cycle,
}
