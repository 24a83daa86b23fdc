"""Plateau schedules, early stopping and the best epoch compare metrics as torch does."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.training_settings import EarlyStopping, ParameterGroup, Schedule
from dlstudio.training.protocol.events import EpochDone, Finished, Started
from dlstudio.training.step.loop_state import LoopState, Plateau
from tests.training.training_designs import (
    PLAIN_LAYERS,
    chain,
    events_of,
    run_training,
    single_event,
)

LEVELS = [-5.0, -1.0, -0.99999, -0.1, 0.0, 0.1, 0.99999, 1.0, 5.0]
METRICS = st.lists(
    st.one_of(st.sampled_from([*LEVELS, math.nan, math.inf, -math.inf]), st.floats(-10, 10)),
    min_size=1,
    max_size=30,
)


def torch_plateau(
    higher: bool, patience: int, threshold: float, mode: str
) -> lr_scheduler.ReduceLROnPlateau:
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    return lr_scheduler.ReduceLROnPlateau(
        optimiser,
        "max" if higher else "min",
        factor=0.5,
        patience=patience,
        threshold=threshold,
        threshold_mode=mode,  # type: ignore[arg-type]
        eps=0.0,
    )


@given(METRICS, st.booleans(), st.integers(0, 3))
def test_plateau_lowers_the_rate_when_torch_does(
    values: list[float], higher: bool, patience: int
) -> None:
    """Where a metric is negative, torch's relative threshold counts a slightly worse value.

    Torch is therefore shown the absolute values of metrics of one sign: -2 that should rise is 2
    that should fall.
    """
    for sign in (1.0, -1.0):
        seen = [abs(value) * sign for value in values]
        scheduler = torch_plateau(higher is (sign > 0), patience, 1e-4, "rel")
        plateau = Plateau()
        schedule = Schedule("plateau", {"factor": 0.5, "patience": patience})
        for value in seen:
            scheduler.step(value * sign)
            plateau.update(schedule, value, higher)
            assert plateau.factor == scheduler.optimizer.param_groups[0]["lr"]


@given(METRICS, st.booleans(), st.sampled_from([0.0, 0.1]))
def test_best_epoch_is_that_of_torch(values: list[float], higher: bool, minimum: float) -> None:
    scheduler = torch_plateau(higher, 1000, minimum, "abs")
    monitor = "validation_accuracy" if higher else "validation_loss"
    rule, state = EarlyStopping(minimum_change=minimum), LoopState()
    for epoch, value in enumerate(values, start=1):
        state.epoch = epoch
        before = scheduler.num_bad_epochs
        scheduler.step(value)
        improved = state.update_best(rule, monitor, value)
        assert improved is (scheduler.num_bad_epochs <= before and scheduler.num_bad_epochs == 0)
        assert state.waited == scheduler.num_bad_epochs
        if state.best is not None:
            assert state.best == scheduler.best
    stored = json.loads(json.dumps(state.as_json(), allow_nan=False))
    assert LoopState.from_json(stored) == state


def test_plateau_on_a_negative_metric_lowers_the_rate() -> None:
    plateau, schedule = Plateau(), Schedule("plateau", {"factor": 0.5, "patience": 2})
    for value in [-5.0, -5.0001, -5.0002, -5.0003]:
        plateau.update(schedule, value, higher_is_better=True)
    assert plateau.factor == 0.5


def stopping_on(monitor: str) -> EarlyStopping:
    return EarlyStopping(enabled=True, monitor=monitor, patience=3)


def test_metric_that_does_not_exist_is_reported_and_replaced() -> None:
    project = chain(
        PLAIN_LAYERS,
        epochs=4,
        early_stopping=stopping_on("validation_balanced_accuracy"),
        groups=(ParameterGroup(schedule=Schedule("plateau")),),
    )
    events = run_training(project)
    warnings = single_event(events, Started).warnings
    assert [text for text in warnings if "cannot monitor" in text] == [
        f"{feature} cannot monitor the validation balanced accuracy, which is not computed for "
        "this data; it monitors the validation loss instead"
        for feature in ("Early stopping", "The plateau schedule")
    ]
    losses = [event.metrics["validation_loss"] for event in events_of(events, EpochDone)]
    assert single_event(events, Finished).metrics["validation_loss"] == min(losses)


def test_metric_that_exists_is_monitored() -> None:
    project = load(example_path("imbalanced-moons"))
    stopping = replace(
        project.training.early_stopping, enabled=True, monitor="validation_balanced_accuracy"
    )
    training = replace(project.training, epochs=4, early_stopping=stopping)
    events = run_training(replace(project, training=training))
    assert not any("monitor" in text for text in single_event(events, Started).warnings)
    best = max(e.metrics["validation_balanced_accuracy"] for e in events_of(events, EpochDone))
    assert single_event(events, Finished).metrics["validation_balanced_accuracy"] == best


def test_missing_metric_uses_up_the_patience() -> None:
    state = LoopState()
    for epoch in range(1, 4):
        state.epoch = epoch
        assert not state.update_best(stopping_on("validation_r2"), "validation_r2", math.nan)
    assert state.waited == 3


@pytest.mark.parametrize("first", [math.nan, math.inf])
def test_useless_first_metric_does_not_count_as_the_best(first: float) -> None:
    state, plateau = LoopState(), Plateau()
    state.epoch = 1
    state.update_best(EarlyStopping(), "validation_loss", first)
    plateau.update(Schedule("plateau"), first, higher_is_better=False)
    state.epoch = 2
    assert state.update_best(EarlyStopping(), "validation_loss", 3.0)
    plateau.update(Schedule("plateau"), 3.0, higher_is_better=False)
    assert (state.best_epoch, plateau.best) == (2, 3.0)
