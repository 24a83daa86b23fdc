"""A run with automatic epochs ends after a long rest of the validation loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import AUTOMATIC, Optimiser, ParameterGroup
from dlstudio.training.protocol.events import Finished, Started
from dlstudio.training.specs import automatic
from dlstudio.training.storage import runs
from tests.training.training_designs import (
    PLAIN_LAYERS,
    all_losses,
    chain,
    run_training,
    scripted_control,
    single_event,
)


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automatic, "MIN_REST", 2)
    monkeypatch.setattr(automatic, "REST_SHARE", 0.0)
    monkeypatch.setattr(automatic, "MAX_EPOCHS", 40)


@pytest.fixture
def project() -> Project:
    groups = (ParameterGroup(optimiser=Optimiser("adam", 0.05)),)
    return replace(
        chain(PLAIN_LAYERS),
        data=DataSettings("digits", split=Split(most=60)),
        training=replace(AUTOMATIC, groups=groups),
    )


def test_run_ends_early_and_stores_what_ended_it(project: Project, tmp_path: Path) -> None:
    events = run_training(project, runs_dir=str(tmp_path))
    finished, started = single_event(events, Finished), single_event(events, Started)
    assert finished.reason == "early-stopping"
    assert finished.epochs == finished.kept_epoch + 2 < started.epochs
    stored = load(Path(started.run_dir) / runs.PROJECT)
    assert stored.training == started.training
    assert stored.training.early_stopping.automatic
    assert stored.training.early_stopping.patience == 2
    assert all_losses(run_training(stored)) == all_losses(events)


def test_interrupted_run_ends_where_the_whole_one_does(project: Project, tmp_path: Path) -> None:
    whole = run_training(project)
    folder = str(tmp_path / "run")
    first = run_training(project, scripted_control(*["step"] * 13, "stop"), run_dir=folder)
    second = run_training(project, run_dir=folder, resume=True)
    assert {**all_losses(first), **all_losses(second)} == all_losses(whole)
    assert single_event(second, Finished).metrics == single_event(whole, Finished).metrics


def test_continued_run_trains_all_epochs_that_were_asked_for(
    project: Project, tmp_path: Path
) -> None:
    folder = str(tmp_path / "run")
    done = single_event(run_training(project, run_dir=folder), Finished).epochs
    again = run_training(project, run_dir=folder, resume=True, epochs=done + 9)
    finished, started = single_event(again, Finished), single_event(again, Started)
    assert (finished.epochs, finished.reason) == (done + 9, "done")
    assert finished.kept_epoch
    assert started.training is not None
    assert not started.training.early_stopping.enabled


@pytest.mark.parametrize("change", [{"epochs": 12}, {"keep_best": False}])
def test_chosen_number_or_last_weights_are_trained_to_the_end(
    project: Project, change: dict[str, int | bool]
) -> None:
    project = replace(project, training=replace(project.training, **change))  # type: ignore[arg-type]
    events = run_training(project)
    finished = single_event(events, Finished)
    assert (finished.reason, finished.epochs) == ("done", single_event(events, Started).epochs)
