from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from dlstudio.design.library.files import load
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.protocol.events import EpochDone, Failed, Finished, Started
from dlstudio.training.storage import runs
from dlstudio.training.storage.run_metrics import read_metrics
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    scripted_control,
    single_event,
)


def test_each_run_has_its_own_folder(tmp_path: Path) -> None:
    project = chain(PLAIN_LAYERS, epochs=2)
    first = single_event(run_training(project, runs_dir=str(tmp_path / "a.runs")), Finished)
    second = single_event(
        run_training(project, runs_dir=str(tmp_path / "a.runs"), seed=9), Finished
    )
    listed = runs.list_runs(tmp_path / "a.runs")
    assert [str(run.path) for run in listed] == [first.run_dir, second.run_dir]
    assert [(run.state, run.epoch, run.seed) for run in listed] == [
        ("done", 2, 5),
        ("done", 2, 9),
    ]
    assert load(Path(second.run_dir) / runs.PROJECT).training.seed == 9
    environment = json.loads((Path(first.run_dir) / runs.ENVIRONMENT).read_text())
    assert (environment["threads"], environment["device"]) == (1, "cpu")
    assert listed[0].metrics == first.metrics
    assert "test_loss" in first.metrics


def test_recorded_metrics_equal_the_events(tmp_path: Path) -> None:
    events = run_training(chain(NOISY_LAYERS, epochs=3), run_dir=str(tmp_path / "run"))
    metrics = read_metrics(tmp_path / "run")
    assert dict(zip(metrics.steps.tolist(), metrics.losses.tolist(), strict=True)) == all_losses(
        events
    )
    reported = [epoch.metrics["validation_loss"] for epoch in events_of(events, EpochDone)]
    assert metrics.metrics["validation_loss"].tolist() == reported
    assert metrics.epoch_steps.tolist() == [21, 42, 63]


def test_no_folder_is_created_unless_requested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finished = single_event(run_training(chain(PLAIN_LAYERS, epochs=1)), Finished)
    assert (finished.run_dir, finished.weights_file) == ("", "")
    assert not [*tmp_path.iterdir()]


def test_stopped_and_finished_runs_are_distinguished(tmp_path: Path) -> None:
    run_training(
        chain(PLAIN_LAYERS, epochs=1),
        scripted_control("step", "stop"),
        run_dir=str(tmp_path / "one"),
    )
    run_training(chain(PLAIN_LAYERS, epochs=1), run_dir=str(tmp_path / "two"))
    finished_by_name = {run.name: run.is_finished for run in runs.list_runs(tmp_path)}
    assert finished_by_name == {"one": False, "two": True}


def test_empty_and_damaged_folders_are_not_runs(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / runs.INFO).write_text('{"title": 3')
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / runs.INFO).write_text('{"title": "x"}')
    assert runs.list_runs(tmp_path) == []
    assert runs.list_runs(tmp_path / "nowhere") == []
    assert read_metrics(tmp_path / "empty").steps.size == 0


def test_truncated_metrics_are_read_up_to_the_last_whole_line(tmp_path: Path) -> None:
    run_training(chain(PLAIN_LAYERS, epochs=2), run_dir=str(tmp_path / "run"))
    path = tmp_path / "run" / runs.METRICS
    path.write_bytes(path.read_bytes()[:-5])
    metrics = read_metrics(tmp_path / "run")
    assert metrics.epochs.tolist() == [1]
    assert np.isfinite(metrics.losses).all()


def test_runs_folder_is_beside_the_design_or_in_the_user_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert runs.runs_dir_for(tmp_path / "net.dlstudio") == tmp_path / "net.runs"
    assert runs.runs_dir_for(None) == tmp_path / "home" / "dlstudio" / "runs" / "untitled.runs"
    monkeypatch.setattr(os, "access", lambda *_: False)
    elsewhere = runs.runs_dir_for(tmp_path / "net.dlstudio")
    assert elsewhere == tmp_path / "home" / "dlstudio" / "runs" / "net.runs"


def test_initial_weights_are_loaded_as_far_as_they_match(tmp_path: Path) -> None:
    first = single_event(
        run_training(chain(PLAIN_LAYERS, epochs=3), run_dir=str(tmp_path / "one")), Finished
    )
    second = run_training(chain(PLAIN_LAYERS, epochs=1), initial_weights=first.weights_file)
    assert all_losses(second)[1] < 1.8 < all_losses(run_training(chain(PLAIN_LAYERS, epochs=1)))[1]
    deeper = [*PLAIN_LAYERS[:-1], ("relu", {}), ("linear", {"out_features": 7}), *PLAIN_LAYERS[-1:]]
    partial = run_training(chain(deeper, epochs=1), initial_weights=first.weights_file)
    assert "The weights of 1 of 3 layers fit" in single_event(partial, Started).warnings[0]


def test_resumed_run_uses_its_stored_initial_weights(tmp_path: Path) -> None:
    source = single_event(
        run_training(chain(PLAIN_LAYERS, epochs=1), run_dir=str(tmp_path / "one")), Finished
    )
    run = str(tmp_path / "two")
    uninterrupted = run_training(
        chain(PLAIN_LAYERS, epochs=1), initial_weights=source.weights_file, run_dir=run
    )
    Path(source.weights_file).unlink()
    for path in (tmp_path / "two" / runs.CHECKPOINTS).iterdir():
        path.unlink()
    assert all_losses(
        run_training(chain(PLAIN_LAYERS, epochs=1), run_dir=run, resume=True)
    ) == all_losses(uninterrupted)


def test_weights_are_named_by_layer_paths(tmp_path: Path) -> None:
    finished = single_event(
        run_training(chain(NOISY_LAYERS, epochs=1), run_dir=str(tmp_path / "run")), Finished
    )
    names = set(read_weights(finished.weights_file))
    assert {"linear_1.weight", "batch_norm1d_1.running_mean", "linear_2.bias"} <= names


def test_unwritable_folder_ends_the_run_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    failed = single_event(
        run_training(chain(PLAIN_LAYERS), run_dir=str(tmp_path / "file" / "run")), Failed
    )
    assert "file" in failed.text
    assert "Traceback" not in failed.text
