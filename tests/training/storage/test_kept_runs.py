"""Runs of an earlier version can be read, loaded and resumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlstudio.data.load import load_data
from dlstudio.design.library.files import load
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.protocol.events import Finished, Started
from dlstudio.training.storage import runs
from dlstudio.training.storage.run_metrics import read_metrics
from tests.kept_files import KEPT, RUNS, copy_run
from tests.training.training_designs import (
    all_losses,
    run_training,
    scripted_control,
    single_event,
)

STATES = {"finished": "done", "from-weights": "done", "interrupted": "stopped", "killed": "running"}
CHANGES = [
    (2, "learning rate 0.02 → 0.01"),
    (2, "dropout of all layers 0.2 → 0.1"),
    (2, "gradient clipping by norm at 2"),
    (2, "linear_1 frozen"),
    (2, "linear_1 learns again"),
    (2, "epochs 1 → 1"),
    (15, "epochs 1 → 2"),
]


def test_every_run_is_listed_with_its_state() -> None:
    infos = {info.name: info for info in runs.list_runs(RUNS)}
    assert {name: info.state for name, info in infos.items()} == STATES
    finished = infos["finished"]
    assert finished.is_finished
    assert (finished.title, finished.steps, finished.epoch, finished.seed) == ("Iris", 28, 2, 1)
    assert finished.metrics["validation_accuracy"] == pytest.approx(0.8421, abs=1e-4)
    assert not infos["killed"].is_finished


def test_finished_run_has_curves_and_changes() -> None:
    metrics = read_metrics(RUNS / "finished")
    assert metrics.steps.tolist() == list(range(1, 29))
    assert metrics.losses[0] == pytest.approx(0.9067668)
    assert metrics.rates[[0, 13, 14]] == pytest.approx([0.05, 0.0006268022, 0.05])
    assert metrics.epochs.tolist() == [1, 2]
    assert metrics.epoch_steps.tolist() == [14, 28]
    assert metrics.metrics["validation_loss"] == pytest.approx([0.6688712, 0.4575212])
    assert list(metrics.changes) == CHANGES


def test_exported_curves_agree_with_the_run() -> None:
    table = np.genfromtxt(KEPT / "curves.csv", delimiter=",", names=True, encoding="utf-8")
    metrics = read_metrics(RUNS / "finished")
    assert table["step"].tolist() == metrics.steps.tolist()
    assert table["train_loss"] == pytest.approx(metrics.losses)
    assert table["learning_rate"] == pytest.approx(metrics.rates)


@pytest.mark.parametrize("file", [runs.WEIGHTS, "checkpoints/best-000002.safetensors"])
def test_weights_of_a_finished_run_load(file: str) -> None:
    project = load(RUNS / "finished" / runs.PROJECT)
    module = compile_design(project, load_data(project.data).facts).module
    assert load_weights(module, RUNS / "finished" / file).is_complete


def test_weights_beside_a_design_load() -> None:
    project = load(KEPT / "trained.dlstudio")
    assert project.weights is not None
    module = compile_design(project, load_data(project.data).facts).module
    assert load_weights(module, KEPT / project.weights.file).is_complete


def test_run_from_weights_stores_those_of_the_design() -> None:
    project = load(KEPT / "trained.dlstudio")
    assert project.weights is not None
    stored = (KEPT / project.weights.file).read_bytes()
    assert (RUNS / "from-weights" / runs.INITIAL).read_bytes() == stored


@pytest.mark.parametrize("name", ["interrupted", "killed"])
def test_unfinished_run_resumes_at_its_checkpoint(name: str, tmp_path: Path) -> None:
    folder = copy_run(name, tmp_path)
    before = read_metrics(folder)
    info = runs.read_info(folder)
    assert info is not None
    project = load(folder / runs.PROJECT)
    control = scripted_control("step", "step", "stop")
    events = run_training(project, control, run_dir=str(folder), resume=True)
    started = single_event(events, Started)
    assert (started.step, started.epoch) == (info.steps, info.epoch)
    assert list(all_losses(events)) == [info.steps + 1, info.steps + 2]
    after = read_metrics(folder)
    assert after.steps.tolist() == list(range(1, info.steps + 3))
    assert after.losses[: info.steps].tolist() == before.losses[: info.steps].tolist()


def test_resumed_run_equals_a_new_one_with_the_same_seed(tmp_path: Path) -> None:
    folder = copy_run("interrupted", tmp_path)
    project = load(folder / runs.PROJECT)
    steps = 15 + 9
    new = run_training(project, scripted_control(*["step"] * steps, "stop"))
    resumed = run_training(
        project, scripted_control(*["step"] * 9, "stop"), run_dir=str(folder), resume=True
    )
    assert single_event(resumed, Finished).reason == "stopped"
    losses = all_losses(new)
    # Other builds of torch round the last bits differently.
    assert list(losses.values()) == pytest.approx(read_metrics(folder).losses, rel=1e-3)
