from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.training.protocol.events import (
    EpochDone,
    SettingChanged,
    Started,
    StepsDone,
)


def steps_event(first: int, count: int, epoch: int = 1) -> StepsDone:
    losses = np.linspace(2, 1, count, dtype=np.float32)
    return StepsDone(first, losses, np.full(count, 1e-3), epoch, 320.0)


def example_history() -> RunHistory:
    run_history = RunHistory()
    run_history.record_start(Started("cpu", 1, 10, {"train": 320}, epochs=4, steps_per_epoch=10))
    run_history.record_steps(steps_event(1, 10))
    run_history.record_steps(steps_event(11, 5, 2))
    run_history.record_epoch(
        EpochDone(1, 10, {"train_loss": 1.4, "validation_loss": 1.2}, 1e-3, 1.0)
    )
    run_history.record_change(
        SettingChanged(12, "learning_rate", {"learning_rate": 1e-4}, "rate 1e-3 → 1e-4")
    )
    return run_history


def test_metrics_are_recorded_at_their_steps() -> None:
    run_history = example_history()
    assert run_history.series["train_loss"].x.tolist() == list(range(1, 16))
    assert run_history.series["validation_loss"].x.tolist() == [10]
    assert (run_history.step, run_history.epoch) == (15, 2)
    assert run_history.last("learning_rate") == pytest.approx(1e-3)
    assert math.isnan(run_history.last("validation_accuracy"))
    assert run_history.seconds_left == pytest.approx((40 - 15) * 32 / 320)


def test_pause_hardly_changes_the_remaining_time() -> None:
    run_history = RunHistory()
    run_history.record_start(Started("cpu", 1, 100, {"train": 3200}, 4, 100))
    for first in range(1, 200, 10):
        run_history.record_steps(steps_event(first, 10))
    steady = run_history.seconds_left
    run_history.record_steps(replace(steps_event(201, 1), samples_per_second=0.5))
    assert run_history.seconds_left == pytest.approx(steady, rel=0.02)


def test_resumed_run_drops_values_after_its_checkpoint() -> None:
    run_history = example_history()
    run_history.record_start(Started("cpu", 1, 10, {"train": 320}, 4, 10, step=10, epoch=1))
    assert run_history.series["train_loss"].x.tolist() == list(range(1, 11))
    assert run_history.markers == []
    assert run_history.step == 10


def test_prepend_puts_stored_values_before_new_ones() -> None:
    run_history, earlier = RunHistory(), example_history()
    run_history.record_start(Started("cpu", 1, 10, {"train": 320}, 4, 10, step=10, epoch=1))
    run_history.record_steps(steps_event(11, 3, 2))
    version = run_history.version
    run_history.prepend(earlier, 10)
    assert run_history.series["train_loss"].x.tolist() == list(range(1, 14))
    assert run_history.series["train_loss"].y[10:].tolist() == [2.0, 1.5, 1.0]
    assert run_history.series["validation_loss"].x.tolist() == [10]
    assert (run_history.markers, run_history.step) == ([], 13)
    assert run_history.version > version
    run_history.record_steps(steps_event(14, 1, 2))
    assert run_history.series["train_loss"].last_mean(2) == pytest.approx(1.5)
