from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.report import Report
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Failed, Finished, Paused, RunOptions, StepsDone
from dlstudio.training.storage.run_metrics import read_metrics
from tests.training.training_designs import (
    PLAIN_LAYERS,
    all_losses,
    chain,
    change_command,
    events_of,
    run_training,
    single_event,
    with_optimiser,
)

LINEAR_LAYERS = [layer for layer in PLAIN_LAYERS if layer[0] != "relu"]


def exploding(rate: float = 1e30):
    """Return a design whose weights are about 1e29 after one step, too large for linear_2."""
    return with_optimiser(chain(PLAIN_LAYERS, epochs=2), Optimiser("sgd", rate))


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the check of the design, which refuses such learning rates."""
    monkeypatch.setattr("dlstudio.training.loop.prepare.require_trainable", lambda *_: Report())


@pytest.mark.usefixtures("unchecked")
def test_exploding_run_pauses_and_continues_after_a_change(tmp_path: Path) -> None:
    control = Control()
    events = []
    for event in train(exploding(), RunOptions(threads=1, run_dir=str(tmp_path / "r")), control):
        events.append(event)
        if isinstance(event, Paused):
            control.send("change", change="learning_rate", learning_rate=0.05)
            control.send("resume")
    paused = single_event(events, Paused)
    assert paused.node == "linear_2"
    assert "'linear_2'" in paused.reason
    assert paused.step == 0
    finished = single_event(events, Finished)
    assert finished.reason == "done"
    assert finished.metrics["validation_accuracy"] > 0.5
    healthy = with_optimiser(chain(PLAIN_LAYERS, epochs=2), Optimiser("sgd", 0.05))
    assert all_losses(events) == all_losses(run_training(healthy))
    metrics = read_metrics(tmp_path / "r")
    assert metrics.steps.tolist() == [*range(1, 43)]


def test_reported_losses_are_always_finite() -> None:
    project = with_optimiser(chain(LINEAR_LAYERS, loss="mse"), Optimiser("sgd", 1.0))
    events = run_training(project, Control(has_operator=False))
    failed = single_event(events, Failed)
    assert failed.node == "linear_2"
    assert "the loss of the output" in failed.text
    losses = np.concatenate([event.losses for event in events if isinstance(event, StepsDone)])
    assert np.isfinite(losses).all()


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("control", [None, Control(has_operator=False)])
def test_run_without_an_operator_fails_with_a_message(control: Control | None) -> None:
    failed = single_event(run_training(exploding(), control), Failed)
    assert "not a number" in failed.text
    assert failed.node == "linear_2"


def test_harmful_change_keeps_the_weights_before_it(tmp_path: Path) -> None:
    control = Control()
    control.send("pause")
    for _ in range(30):
        control.send("step")
    control.send("change", change="learning_rate", learning_rate=1e6)
    control.send("resume")
    project = with_optimiser(chain(LINEAR_LAYERS, epochs=2, loss="mse"), Optimiser("sgd", 0.05))
    folder = tmp_path / "run"
    events = []
    for event in train(project, RunOptions(threads=1, run_dir=str(folder)), control):
        events.append(event)
        if isinstance(event, Paused) and event.reason:
            control.send("stop")
    paused = events_of(events, Paused)[-1]
    assert (paused.step, paused.epoch) == (30, 2)
    assert paused.node
    weights = read_weights(single_event(events, Finished).weights_file)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in weights.values())


def test_non_finite_data_is_reported_instead_of_a_layer() -> None:
    """The normalised values exceed the range of float32."""
    data = DataSettings(normalise="fixed", mean=(1e38,), deviation=(1e-3,))
    failed = single_event(run_training(replace(chain(PLAIN_LAYERS), data=data)), Failed)
    assert failed.node == "input_1"
    assert "data" in failed.text


def test_weights_that_become_infinite_fail_the_run() -> None:
    class InfiniteWeights:
        name = "infinite weights"
        done = False

        def wants(self, step: int, _epoch: int) -> bool:
            return step == 12 and not self.done

        def observe(self, view):
            self.done = True
            with torch.no_grad():
                view.objective.main.module.get_submodule("linear_2").weight.fill_(math.inf)

    failed = single_event(
        run_training(chain(PLAIN_LAYERS, epochs=1), None, [InfiniteWeights()]), Failed
    )
    assert "step" in failed.text


def test_clipping_change_can_save_a_diverging_run() -> None:
    control = Control()
    events = []
    for event in train(exploding(1e3), RunOptions(threads=1), control):
        events.append(event)
        if isinstance(event, Paused):
            name, arguments = change_command("learning_rate", learning_rate=0.01)
            control.send(name, **arguments)
            control.send("change", change="clipping", mode="norm", limit=1.0)
            control.send("resume")
    assert single_event(events, Finished).reason == "done"
