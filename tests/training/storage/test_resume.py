"""Resumed runs equal uninterrupted ones bit for bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import (
    Clipping,
    EarlyStopping,
    Optimiser,
    ParameterGroup,
    Schedule,
    Selector,
)
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import (
    EpochDone,
    Failed,
    Finished,
    Paused,
    Resumed,
    RunOptions,
    SettingChanged,
    Started,
)
from dlstudio.training.storage.run_metrics import read_metrics
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    Layer,
    all_losses,
    all_rates,
    chain,
    change_command,
    events_of,
    run_training,
    scripted_control,
    single_event,
    with_optimiser,
)

OPTIMISERS: Mapping[str, Optimiser] = {
    "sgd": Optimiser("sgd", 0.05, settings={"momentum": 0.9, "nesterov": True}),
    "plain-sgd": Optimiser("sgd", 0.05),
    "adamw": Optimiser("adamw", 2e-3, weight_decay=0.01),
    "rmsprop": Optimiser("rmsprop", 1e-3, settings={"momentum": 0.5}),
}
STEPS = 21
"""Steps per epoch: 1298 samples in batches of 64."""


def train_interrupted(
    project: Project, folder: Path, stops: Sequence[int], **options: object
) -> tuple[dict[int, float], Finished]:
    """Stop and resume the run at these steps, then train to the end."""
    losses: dict[int, float] = {}
    done = 0
    for stop in stops:
        control = scripted_control(*["step"] * (stop - done), "stop")
        events = run_training(project, control, run_dir=str(folder), resume=done > 0)
        assert single_event(events, Finished).reason == "stopped"
        losses.update(all_losses(events))
        done = stop
    events = run_training(project, run_dir=str(folder), resume=True)
    assert single_event(events, Started).step == done
    losses.update(all_losses(events))
    return losses, single_event(events, Finished)


def assert_resumed_equal(project: Project, tmp_path: Path, stops: Sequence[int]) -> None:
    uninterrupted = run_training(project, run_dir=str(tmp_path / "whole"))
    losses, finished = train_interrupted(project, tmp_path / "resumed", stops)
    assert losses == all_losses(uninterrupted)
    assert finished.metrics == single_event(uninterrupted, Finished).metrics
    expected = read_weights(single_event(uninterrupted, Finished).weights_file)
    for name, tensor in read_weights(finished.weights_file).items():
        assert torch.equal(tensor, expected[name]), name
    whole, resumed = (read_metrics(tmp_path / name) for name in ("whole", "resumed"))
    assert whole.steps.tolist() == resumed.steps.tolist()
    assert whole.losses.tolist() == resumed.losses.tolist()
    assert whole.rates.tolist() == resumed.rates.tolist()
    assert whole.epoch_steps.tolist() == resumed.epoch_steps.tolist()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_runs_stopped_within_an_epoch_resume_bit_equal(name: str, tmp_path: Path) -> None:
    assert_resumed_equal(
        with_optimiser(chain(NOISY_LAYERS, epochs=2), OPTIMISERS[name]), tmp_path, (5, 23)
    )


@pytest.mark.parametrize("norm", ["weight", "spectral"])
def test_normed_weights_resume_bit_equal(norm: str, tmp_path: Path) -> None:
    settings = {"out_features": 24, "weight_norm": norm}
    layers = [("flatten", {}), ("linear", settings), *PLAIN_LAYERS[2:]]
    assert_resumed_equal(
        with_optimiser(chain(layers, epochs=2), OPTIMISERS["adamw"]), tmp_path, (5, 23)
    )


@pytest.mark.parametrize("name", ["one-cycle", "cosine", "linear", "step"])
def test_schedules_resume_bit_equal(name: str, tmp_path: Path) -> None:
    schedule = Schedule(name, {"every": 1} if name == "step" else {})
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=2), Optimiser("adam", 0.01), schedule)
    assert_resumed_equal(project, tmp_path, (STEPS, STEPS + 3))


def test_plateau_and_early_stopping_resume_bit_equal(tmp_path: Path) -> None:
    schedule = Schedule("plateau", {"patience": 0, "factor": 0.5})
    stopping = EarlyStopping(enabled=True, patience=2, minimum_change=0.05)
    project = chain(NOISY_LAYERS, epochs=12, early_stopping=stopping)
    assert_resumed_equal(
        with_optimiser(project, Optimiser("adam", 0.02), schedule), tmp_path, (STEPS, 2 * STEPS + 4)
    )


def test_abandoned_run_resumes_from_its_last_checkpoint(tmp_path: Path) -> None:
    project = chain(NOISY_LAYERS, epochs=3)
    uninterrupted = all_losses(run_training(project))
    control = scripted_control(*["step"] * 10, "checkpoint", *["step"] * 7, "resume")
    folder = tmp_path / "run"
    generator = train(project, RunOptions(threads=1, run_dir=str(folder)), control)
    for event in generator:
        if isinstance(event, EpochDone):
            break
    generator.close()
    events = run_training(project, run_dir=str(folder), resume=True)
    start = single_event(events, Started).step
    assert 17 <= start < 3 * STEPS
    assert all_losses(events) == {
        step: loss for step, loss in uninterrupted.items() if step > start
    }
    metrics = read_metrics(folder)
    assert metrics.steps.tolist() == [*uninterrupted]
    assert metrics.losses.tolist() == [*uninterrupted.values()]
    assert metrics.epochs.tolist() == [1, 2, 3]


def test_changes_made_while_paused_are_resumed(tmp_path: Path) -> None:
    changes = (
        change_command("learning_rate", learning_rate=0.004),
        change_command("dropout", p=0.5),
        change_command("clipping", mode="norm", limit=0.5),
        change_command("frozen", path="linear_1", frozen=True),
        change_command("frozen", path="batch_norm1d_1", frozen=True),
    )
    project = chain(NOISY_LAYERS, epochs=2)
    script = [*["step"] * 9, *changes]
    uninterrupted = run_training(project, scripted_control(*script, "resume"))
    assert [event.step for event in events_of(uninterrupted, SettingChanged)] == [10] * 5
    folder = tmp_path / "run"
    first = run_training(
        project, scripted_control(*script, *["step"] * 4, "stop"), run_dir=str(folder)
    )
    second = run_training(project, run_dir=str(folder), resume=True)
    assert {**all_losses(first), **all_losses(second)} == all_losses(uninterrupted)
    assert all_rates(second)[20] == 0.004
    assert [step for step, _ in read_metrics(folder).changes] == [10] * 5


def test_change_made_while_paused_survives_a_crash(tmp_path: Path) -> None:
    project = chain(PLAIN_LAYERS, epochs=1)
    control = scripted_control(*["step"] * 3, change_command("learning_rate", learning_rate=0.5))
    generator = train(project, RunOptions(threads=1, run_dir=str(tmp_path / "run")), control)
    for event in generator:
        if isinstance(event, SettingChanged):
            break
    generator.close()
    rates = all_rates(run_training(project, run_dir=str(tmp_path / "run"), resume=True))
    assert rates[4] == 0.5


def test_layers_can_be_frozen_and_unfrozen_during_a_run() -> None:
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=1), Optimiser("sgd", 0.1))
    freeze = [change_command("frozen", path=path, frozen=True) for path in ("linear_1", "linear_2")]
    unfreeze = change_command("frozen", path="linear_2", frozen=False)
    frozen = all_losses(run_training(project, scripted_control(*freeze, "resume")))
    unfrozen = all_losses(
        run_training(project, scripted_control(*freeze, *["step"] * 4, unfreeze, "resume"))
    )
    plain = all_losses(run_training(project))
    assert frozen[1] == unfrozen[1] == plain[1]
    assert [frozen[step] for step in range(1, 6)] == [unfrozen[step] for step in range(1, 6)]
    assert frozen[2] != plain[2]
    assert unfrozen[21] < frozen[21]


def test_more_epochs_add_a_span(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = with_optimiser(
        chain(PLAIN_LAYERS, epochs=2), Optimiser("adam", 0.01), Schedule("cosine")
    )
    first = run_training(project, run_dir=folder)
    second = run_training(project, run_dir=folder, resume=True, epochs=4)
    changed = single_event(second, SettingChanged)
    assert (changed.change, changed.step) == ("epochs", 2 * STEPS + 1)
    assert single_event(second, Started).epochs == 4
    assert single_event(second, Finished).epochs == 4
    rates = all_rates(first) | all_rates(second)
    assert [rates[step] for step in range(1, 43)] == [rates[step] for step in range(43, 85)]
    third = run_training(project, run_dir=folder, resume=True, epochs=5)
    assert single_event(third, Finished).epochs == 5


def test_more_epochs_survive_a_crash_before_their_first_step(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = chain(NOISY_LAYERS, epochs=1)
    losses = all_losses(run_training(project, run_dir=folder))
    options = RunOptions(threads=1, run_dir=folder, resume=True, epochs=2)
    generator = train(project, options)
    assert any(isinstance(event, Started) for event in generator)
    generator.close()
    losses |= all_losses(run_training(project, run_dir=folder, resume=True))
    assert losses == all_losses(run_training(project, epochs=2))


def test_more_epochs_with_a_constant_rate_equal_a_longer_run(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = chain(NOISY_LAYERS, epochs=2)
    losses = all_losses(run_training(project, run_dir=folder))
    losses |= all_losses(run_training(project, run_dir=folder, resume=True, epochs=3))
    assert losses == all_losses(run_training(project, epochs=3))


def test_more_epochs_can_be_added_during_a_run() -> None:
    project = chain(NOISY_LAYERS, epochs=1)
    control = scripted_control("step", change_command("epochs", epochs=2), "resume")
    assert all_losses(run_training(project, control)) == all_losses(run_training(project, epochs=2))


def test_pausing_and_single_steps_change_no_loss() -> None:
    project = chain(NOISY_LAYERS, epochs=2)
    control = scripted_control("step", "step", "step-epoch")
    events = []
    for event in train(project, RunOptions(threads=1), control):
        events.append(event)
        if isinstance(event, Paused) and event.step == STEPS:
            control.send("step")
            control.send("resume")
    assert all_losses(events) == all_losses(run_training(project))
    assert [event.step for event in events_of(events, Paused)] == [0, 1, 2, STEPS, STEPS + 1]
    assert [event.step for event in events_of(events, Resumed)] == [2, STEPS + 1]


def test_resuming_a_finished_run_reports_its_metrics_again(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = chain(PLAIN_LAYERS, epochs=1)
    first = single_event(run_training(project, run_dir=folder), Finished)
    again = single_event(run_training(project, run_dir=folder, resume=True), Finished)
    assert (again.metrics, again.reason, again.step) == (first.metrics, "done", first.step)


def test_resuming_uses_the_saved_project_not_the_edited_one(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = chain(PLAIN_LAYERS, epochs=1)
    uninterrupted = all_losses(run_training(project))
    run_training(project, scripted_control("step", "stop"), run_dir=folder)
    edited = replace(project, training=replace(project.training, seed=99, batch_size=8))
    assert all_losses(run_training(edited, run_dir=folder, resume=True)) == dict(
        [*uninterrupted.items()][1:]
    )


def test_damaged_checkpoint_falls_back_to_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    project = chain(NOISY_LAYERS, epochs=1)
    run_training(project, scripted_control(*["step"] * 6, "stop"), run_dir=str(folder))
    newest = max((folder / "checkpoints").glob("step-*.safetensors"))
    newest.write_bytes(newest.read_bytes()[:-10])
    events = run_training(project, run_dir=str(folder), resume=True)
    assert single_event(events, Started).step == 5
    assert all_losses(events)[21] == all_losses(run_training(project))[21]


@pytest.mark.parametrize("other", [PLAIN_LAYERS[:1] + PLAIN_LAYERS[3:], NOISY_LAYERS])
def test_run_of_another_network_is_rejected_and_left_unchanged(
    other: Sequence[Layer], tmp_path: Path
) -> None:
    run_training(chain(PLAIN_LAYERS, epochs=1), run_dir=str(tmp_path))
    save(chain(other, epochs=2), tmp_path / "project.dlstudio")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    events = run_training(chain(other), run_dir=str(tmp_path), resume=True, epochs=2)
    failed = single_event(events, Failed)
    assert "belongs to a different network" in failed.text
    assert "start a new run" in failed.text
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_two_checkpoints_and_the_best_weights_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run_training(
        chain(PLAIN_LAYERS, epochs=2), scripted_control(*["step"] * 30, "stop"), run_dir=str(folder)
    )
    names = sorted(path.name for path in (folder / "checkpoints").iterdir())
    steps = ["step-000000029", "step-000000030"]
    expected = [f"{step}{end}" for step in steps for end in (".json", ".safetensors")]
    assert names == ["best-000001.safetensors", *expected]


def test_groups_with_their_own_optimisers_resume_bit_equal(tmp_path: Path) -> None:
    head = ParameterGroup(
        "head", Selector(paths=("linear_2",)), Optimiser("sgd", 0.1, settings={"momentum": 0.9})
    )
    rest = ParameterGroup("rest", optimiser=Optimiser("adam", 1e-3), clipping=Clipping("norm", 1.0))
    assert_resumed_equal(chain(NOISY_LAYERS, epochs=2, groups=(head, rest)), tmp_path, (9,))
