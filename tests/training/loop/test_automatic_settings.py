"""A run chooses the numbers that its design leaves open, and stores them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.training_settings import AUTOMATIC, chosen
from dlstudio.training.protocol.events import Finished, Started
from dlstudio.training.storage import runs
from tests.training.training_designs import (
    PLAIN_LAYERS,
    all_losses,
    chain,
    run_training,
    single_event,
)


def test_run_stores_numbers_and_repeats_exactly(tmp_path: Path) -> None:
    project = replace(
        chain(PLAIN_LAYERS),
        data=DataSettings("digits", split=Split(most=40)),
        training=replace(AUTOMATIC, seed=3),
    )
    events = run_training(project, runs_dir=str(tmp_path), epochs=3)
    started = single_event(events, Started)
    assert started.training is not None
    assert (started.epochs, started.steps_per_epoch) == (3, 5)
    stored = load(Path(started.run_dir) / runs.PROJECT)
    assert not stored.training.has_automatic
    assert stored.training == started.training
    assert all_losses(events) == all_losses(run_training(stored))


def test_defaults_learn_a_small_table() -> None:
    layers = [("linear", {"out_features": 16}), ("relu", {}), ("linear", {"out_features": 3})]
    project = replace(chain(layers), data=DataSettings("iris"), training=replace(AUTOMATIC, seed=1))
    events = run_training(project)
    assert single_event(events, Finished).metrics["test_accuracy"] >= 0.9
    training = single_event(events, Started).training
    assert training is not None
    assert chosen(training.epochs) > 100
