from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import pytest
import torch
from torch.optim import lr_scheduler

from dlstudio.design.model.training_settings import Schedule
from dlstudio.training.optim.schedules import EpochSpan, SchedulePosition, factor_function
from dlstudio.training.step.loop_state import Plateau

STEPS, EPOCHS = 7, 6
TOTAL = STEPS * EPOCHS
WHOLE = EpochSpan(0, EPOCHS)


def position_at(step: int, span: EpochSpan, steps_per_epoch: int) -> SchedulePosition:
    return SchedulePosition(*divmod(step, steps_per_epoch), span, steps_per_epoch)


def our_factors(schedule: Schedule, span: EpochSpan = WHOLE) -> list[float]:
    factor = factor_function(schedule)
    assert factor is not None
    first = span.first_epoch * STEPS
    return [factor(position_at(first + step, span, STEPS)) for step in range(span.epochs * STEPS)]


def torch_factors(
    build: Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler], *, by_epoch: bool = False
) -> list[float]:
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = build(optimiser)
    rates = []
    for step in range(TOTAL):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if not by_epoch or (step + 1) % STEPS == 0:
            schedule.step()
    return rates


def test_constant_schedule_has_no_factor_function() -> None:
    assert factor_function(Schedule("constant")) is None


def test_step_equals_torch() -> None:
    expected = torch_factors(lambda o: lr_scheduler.StepLR(o, 2, 0.3), by_epoch=True)
    assert our_factors(Schedule("step", {"every": 2, "factor": 0.3})) == pytest.approx(expected)


def test_cosine_equals_torch() -> None:
    expected = torch_factors(lambda o: lr_scheduler.CosineAnnealingLR(o, TOTAL, eta_min=0.1))
    assert our_factors(Schedule("cosine", {"floor": 0.1})) == pytest.approx(expected)


@pytest.mark.parametrize("warmup", [0.1, 0.3, 0.5])
def test_one_cycle_equals_torch(warmup: float) -> None:
    def build(optimiser: torch.optim.Optimizer) -> lr_scheduler.LRScheduler:
        return lr_scheduler.OneCycleLR(
            optimiser,
            max_lr=1.0,
            total_steps=TOTAL,
            pct_start=warmup,
            div_factor=25,
            final_div_factor=100,
            cycle_momentum=False,
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        expected = torch_factors(build)
    settings = {"warmup": warmup, "start": 1 / 25, "floor": 1 / 2500}
    assert our_factors(Schedule("one-cycle", settings)) == pytest.approx(expected)


def test_linear_schedule_rises_and_falls_linearly() -> None:
    rates = our_factors(Schedule("linear", {"warmup": 0.5, "floor": 0.2}))
    half = TOTAL // 2
    assert rates[:half] == pytest.approx([(step + 1) / half for step in range(half)])
    decay = torch_factors(lambda o: lr_scheduler.LinearLR(o, 1.0, 0.2, TOTAL - half))
    assert rates[half:] == pytest.approx(decay[: TOTAL - half])


@pytest.mark.parametrize("name", ["cosine", "linear", "one-cycle"])
def test_new_span_restarts_the_schedule(name: str) -> None:
    assert our_factors(Schedule(name), EpochSpan(4, EPOCHS)) == pytest.approx(
        our_factors(Schedule(name))
    )


def test_step_schedule_continues_in_a_new_span() -> None:
    later = our_factors(Schedule("step", {"every": 2, "factor": 0.5}), EpochSpan(4, 2))
    assert set(later) == {0.25}


@pytest.mark.parametrize("name", ["cosine", "linear", "one-cycle"])
@pytest.mark.parametrize("epochs", [1, 2])
def test_schedules_work_with_one_step_per_epoch(name: str, epochs: int) -> None:
    factor = factor_function(Schedule(name))
    assert factor is not None
    rates = [factor(SchedulePosition(step, 0, EpochSpan(0, epochs), 1)) for step in range(epochs)]
    assert all(0 <= rate <= 1 for rate in rates)


@pytest.mark.parametrize("higher", [False, True])
def test_plateau_equals_torch(higher: bool) -> None:
    values = [0.9, 0.8, 0.8, 0.81, 0.79, 0.85, 0.85, 0.85, 0.2, 0.2, 0.2, 0.2, 0.95, 0.9, 0.9, 0.9]
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    mode = "max" if higher else "min"
    torch_scheduler = lr_scheduler.ReduceLROnPlateau(optimiser, mode, factor=0.5, patience=1)
    plateau, schedule = Plateau(), Schedule("plateau", {"factor": 0.5, "patience": 1})
    for value in values:
        torch_scheduler.step(value)
        plateau.update(schedule, value, higher)
        assert plateau.factor == pytest.approx(optimiser.param_groups[0]["lr"])


def test_epochs_of_another_length_do_not_shift_a_schedule() -> None:
    """A resumed run whose data has become four times as long."""
    halving = factor_function(Schedule("step", {"every": 1, "factor": 0.5}))
    cosine = factor_function(Schedule("cosine", {"floor": 0.0}))
    assert halving is not None
    assert cosine is not None
    for steps in (STEPS, 4 * STEPS):
        starts = [SchedulePosition(epoch, 0, WHOLE, steps) for epoch in range(EPOCHS)]
        assert [halving(start) for start in starts] == [0.5**epoch for epoch in range(EPOCHS)]
        assert [cosine(start) for start in starts] == pytest.approx(
            [(1 + math.cos(math.pi * epoch / EPOCHS)) / 2 for epoch in range(EPOCHS)]
        )


def test_unknown_schedules_and_settings_are_rejected() -> None:
    with pytest.raises(ValueError, match="no schedule called 'zigzag'"):
        factor_function(Schedule("zigzag"))
    with pytest.raises(ValueError, match="Every must be between 1"):
        factor_function(Schedule("step", {"every": 0}))
