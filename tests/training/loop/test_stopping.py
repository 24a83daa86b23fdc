from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.load import load_data
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.training_settings import EarlyStopping, Optimiser, Schedule
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights, read_weights
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.step.devices import Precision
from dlstudio.training.step.evaluate import evaluate
from dlstudio.training.step.loop_state import LoopState
from dlstudio.training.storage.checkpoint import newest_checkpoint
from dlstudio.training.tasks.registry import create_objective
from tests.training.training_designs import (
    PLAIN_LAYERS,
    all_losses,
    chain,
    events_of,
    refusal_codes,
    run_training,
    scripted_control,
    single_event,
    with_optimiser,
)

HIGH_RATE = Optimiser("adam", 0.05)


def stopping(**settings: object) -> EarlyStopping:
    return EarlyStopping(**{"enabled": True, "patience": 2, **settings})  # type: ignore[arg-type]


def test_early_stopping_restores_the_best_weights(tmp_path: Path) -> None:
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=40, early_stopping=stopping()), HIGH_RATE)
    events = run_training(project, run_dir=str(tmp_path / "run"))
    finished = single_event(events, Finished)
    losses = [epoch.metrics["validation_loss"] for epoch in events_of(events, EpochDone)]
    assert finished.reason == "early-stopping"
    assert len(losses) < 40
    assert losses.index(min(losses)) == len(losses) - 3
    assert finished.metrics["validation_loss"] == pytest.approx(min(losses))
    checkpoint = newest_checkpoint(tmp_path / "run" / "checkpoints")
    assert checkpoint is not None
    _, best = checkpoint
    weights = read_weights(finished.weights_file)
    assert best is not None
    assert all(torch.equal(weights[name], best[name]) for name in best)


def test_the_best_epoch_is_kept_without_stopping_early(tmp_path: Path) -> None:
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=12, keep_best=True), HIGH_RATE)
    events = run_training(project, run_dir=str(tmp_path / "run"))
    finished = single_event(events, Finished)
    losses = [epoch.metrics["validation_loss"] for epoch in events_of(events, EpochDone)]
    assert (finished.reason, len(losses)) == ("done", 12)
    assert finished.kept_epoch == losses.index(min(losses)) + 1 < 12
    assert finished.metrics["validation_loss"] == pytest.approx(min(losses))
    kept = events_of(events, EpochDone)[finished.kept_epoch - 1].metrics
    assert finished.metrics["train_loss"] == kept["train_loss"]
    assert finished.metrics["train_accuracy"] == kept["train_accuracy"]
    plain = with_optimiser(chain(PLAIN_LAYERS, epochs=12), HIGH_RATE)
    assert single_event(run_training(plain), Finished).kept_epoch == 0


@pytest.mark.parametrize("keep_best", [True, False])
@pytest.mark.parametrize("test_each_epoch", [True, False])
def test_stopped_run_reports_the_metrics_of_the_weights_it_keeps(
    keep_best: bool, test_each_epoch: bool, tmp_path: Path
) -> None:
    project = with_optimiser(
        chain(
            PLAIN_LAYERS,
            epochs=40,
            batch_size=400,
            keep_best=keep_best,
            test_each_epoch=test_each_epoch,
        ),
        Optimiser("adam", 0.3),
    )
    folder = str(tmp_path / "run")
    commands = scripted_control(*["step"] * 42, "stop")
    events = run_training(project, commands, run_dir=folder)
    finished = single_event(events, Finished)
    epochs = events_of(events, EpochDone)
    losses = [epoch.metrics["validation_loss"] for epoch in epochs]
    best = losses.index(min(losses)) + 1
    assert finished.reason == "stopped"
    assert best < len(losses)
    assert finished.kept_epoch == (best if keep_best else 0)
    data = load_data(project.data)
    compiled = compile_design(project, data.facts)
    load_weights(compiled.module, finished.weights_file)
    objective = create_objective(project.training, compiled)
    subsets = ("validation", "test") if test_each_epoch else ("validation",)
    for subset in subsets:
        batches = Batches(data.subsets[subset], 1024, normaliser=data.normaliser, keep_single=True)
        direct = evaluate(
            compiled.module, batches, objective, Precision(torch.device("cpu"), mixed=False)
        )
        reported = finished.metrics[f"{subset}_loss"]
        assert reported == pytest.approx(direct["loss"], rel=1e-6)
    assert ("test_loss" in finished.metrics) is test_each_epoch
    resumed = run_training(project, run_dir=folder, resume=True)
    assert all_losses(run_training(project)).items() >= all_losses(resumed).items()


def test_competing_networks_keep_their_last_weights() -> None:
    project = load(example_path("gan-ring"))
    training = replace(project.training, epochs=3, keep_best=True)
    events = run_training(replace(project, training=training))
    assert single_event(events, Finished).kept_epoch == 0


def test_last_weights_are_kept_on_request(tmp_path: Path) -> None:
    keep_last = stopping(restore_best=False)
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=40, early_stopping=keep_last), HIGH_RATE)
    events = run_training(project)
    last = events_of(events, EpochDone)[-1].metrics["validation_loss"]
    assert single_event(events, Finished).metrics["validation_loss"] == last


def test_accuracy_is_better_when_higher() -> None:
    early_stopping_rule = stopping(monitor="validation_accuracy")
    project = with_optimiser(
        chain(PLAIN_LAYERS, epochs=40, early_stopping=early_stopping_rule), HIGH_RATE
    )
    events = run_training(project)
    accuracies = [epoch.metrics["validation_accuracy"] for epoch in events_of(events, EpochDone)]
    assert single_event(events, Finished).metrics["validation_accuracy"] == max(accuracies)


def test_small_improvements_do_not_count() -> None:
    state = LoopState()
    rule = EarlyStopping(minimum_change=0.1)
    improvements = [
        state.update_best(rule, "validation_loss", value)
        for value in (1.0, 0.95, 0.85, float("nan"))
    ]
    assert improvements == [True, False, True, False]
    assert state.waited == 1


@pytest.mark.parametrize("feature", ["early-stopping", "plateau"])
def test_missing_validation_is_rejected_with_a_fix(feature: str) -> None:
    project = chain(PLAIN_LAYERS)
    if feature == "plateau":
        project = with_optimiser(project, None, Schedule("plateau"))
    else:
        project = replace(project, training=replace(project.training, early_stopping=stopping()))
    project = replace(project, data=DataSettings(split=Split(validation=0.0)))
    assert refusal_codes(project) == {"no-validation"}


def test_continuing_after_an_early_stop_resets_the_patience(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=40, early_stopping=stopping()), HIGH_RATE)
    done = single_event(run_training(project, run_dir=folder), Finished).epochs
    again = single_event(
        run_training(project, run_dir=folder, resume=True, epochs=done + 2), Finished
    )
    assert again.epochs == done + 2
