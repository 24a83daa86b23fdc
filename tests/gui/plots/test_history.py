from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.gui.plots.history import History
from dlstudio.gui.plots.history_files import read_history
from dlstudio.training.events import Changed, EpochDone, Finished, RunOptions, Started, StepsDone
from dlstudio.training.loop import train


def steps(first: int, count: int, epoch: int = 1) -> StepsDone:
    losses = np.linspace(2, 1, count, dtype=np.float32)
    return StepsDone(first, losses, np.full(count, 1e-3), epoch, 320.0)


def history() -> History:
    made = History()
    made.started(Started("cpu", 1, 10, {"train": 320}, epochs=4, steps_per_epoch=10))
    made.steps(steps(1, 10))
    made.steps(steps(11, 5, 2))
    made.epoch_done(EpochDone(1, 10, {"train_loss": 1.4, "validation_loss": 1.2}, 1e-3, 1.0))
    made.changed(Changed(12, "learning_rate", {"learning_rate": 1e-4}, "rate 1e-3 → 1e-4"))
    return made


def test_figures_land_at_their_steps() -> None:
    made = history()
    assert made.series["train_loss"].x.tolist() == list(range(1, 16))
    assert made.series["validation_loss"].x.tolist() == [10]
    assert (made.step, made.epoch) == (15, 2)
    assert made.last("learning_rate") == pytest.approx(1e-3)
    assert math.isnan(made.last("validation_accuracy"))
    assert made.seconds_left == pytest.approx((40 - 15) * 32 / 320)


def test_a_pause_hardly_changes_the_time_left() -> None:
    made = History()
    made.started(Started("cpu", 1, 100, {"train": 3200}, 4, 100))
    for first in range(1, 200, 10):
        made.steps(steps(first, 10))
    steady = made.seconds_left
    made.steps(replace(steps(201, 1), samples_per_second=0.5))
    assert made.seconds_left == pytest.approx(steady, rel=0.02)


def test_a_resumed_run_forgets_what_lay_beyond_its_checkpoint() -> None:
    made = history()
    made.started(Started("cpu", 1, 10, {"train": 320}, 4, 10, step=10, epoch=1))
    assert made.series["train_loss"].x.tolist() == list(range(1, 11))
    assert made.marks == []
    assert made.step == 10


def test_what_a_folder_knows_precedes_what_was_measured_since() -> None:
    made, earlier = History(), history()
    made.started(Started("cpu", 1, 10, {"train": 320}, 4, 10, step=10, epoch=1))
    made.steps(steps(11, 3, 2))
    version = made.version
    made.precede(earlier, 10)
    assert made.series["train_loss"].x.tolist() == list(range(1, 14))
    assert made.series["train_loss"].y[10:].tolist() == [2.0, 1.5, 1.0]
    assert made.series["validation_loss"].x.tolist() == [10]
    assert (made.marks, made.step) == ([], 13)
    assert made.version > version
    made.steps(steps(14, 1, 2))
    assert made.series["train_loss"].last_mean(2) == pytest.approx(1.5)


def test_a_run_read_from_its_folder_equals_what_was_seen_live(tmp_path: Path) -> None:
    project = load(example_path("xor-mlp"))
    options = RunOptions(threads=1, epochs=3, runs_dir=str(tmp_path))
    live = History()
    run_dir = ""
    for event in train(project, options):
        match event:
            case Started():
                live.started(event)
            case StepsDone():
                live.steps(event)
            case EpochDone():
                live.epoch_done(event)
            case Finished():
                run_dir = event.run_dir
    stored = read_history(run_dir)
    assert (stored.steps_per_epoch, stored.epochs, stored.step) == (
        live.steps_per_epoch, live.epochs, live.step,
    )  # fmt: skip
    assert stored.series.keys() == live.series.keys() - {"throughput"}
    for name, series in stored.series.items():
        np.testing.assert_allclose(series.y, live.series[name].y, rtol=1e-6)
        np.testing.assert_array_equal(series.x, live.series[name].x)
