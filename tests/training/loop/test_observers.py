from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import pytest
import torch

from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import Observer, RunView
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Finished, Paused, RunOptions, Snapshot
from tests.training.training_designs import (
    NOISY_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    scripted_control,
    single_event,
)


@dataclass
class RandomObserver(Observer):
    """Runs the training subset through the network and draws random numbers."""

    name: str = "every step"
    every: int = 1

    def wants(self, step: int, _epoch: int) -> bool:
        return step % self.every == 0

    def observe(self, view: RunView) -> Any:
        torch.rand(5)
        module = view.objective.main.module
        assert not any(layer.training for layer in module.modules())
        inputs = view.normaliser.apply("samples", view.subsets["train"].inputs["samples"])
        output = module(inputs.to(view.device))
        assert not output.requires_grad
        return view.step, round(float(output.sum()), 3)


class GradientObserver(StepObserver):
    """Returns the norm of a gradient in every step, and draws random numbers."""

    name = "gradients"

    def __init__(self) -> None:
        self.norm = 0.0

    def wants_step(self, step: int) -> bool:
        return step > 0

    def after_backward(self, view: RunView) -> None:
        torch.rand(5, generator=torch.Generator())
        self.norm = float(view.objective.main.module.get_submodule("linear_1").weight.grad.norm())

    def end_step(self, view: RunView) -> Any:
        return view.step, self.norm


def test_observers_change_no_loss() -> None:
    project = chain(NOISY_LAYERS, epochs=2)
    observers = [RandomObserver(), RandomObserver("rare", 7)]
    options = RunOptions(threads=1)
    events = list(train(project, options, None, observers, [GradientObserver()]))
    assert all_losses(events) == all_losses(run_training(project))
    assert (
        single_event(events, Finished).metrics
        == single_event(run_training(project), Finished).metrics
    )
    snapshots = events_of(events, Snapshot)
    forward = [snapshot for snapshot in snapshots if snapshot.observer == "every step"]
    backward = [snapshot for snapshot in snapshots if snapshot.observer == "gradients"]
    assert [snapshot.step for snapshot in forward] == [*range(1, 43)]
    assert [snapshot.step for snapshot in backward] == [*range(1, 43)]
    assert all(snapshot.payload[0] == snapshot.step for snapshot in backward)
    assert all(snapshot.payload[1] > 0 for snapshot in backward)


@pytest.mark.parametrize("error", [ZeroDivisionError("a bad view"), SystemExit(1)])
def test_failing_observer_is_disabled_and_the_run_continues(
    caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    class FailingObserver(RandomObserver):
        def observe(self, view: RunView) -> Any:
            raise error

    class FailingStepObserver(GradientObserver):
        def end_step(self, view: RunView) -> Any:
            raise error

        def close(self) -> None:
            raise error

    project = chain(NOISY_LAYERS, epochs=1)
    options = RunOptions(threads=1)
    with caplog.at_level(logging.ERROR):
        events = list(train(project, options, None, [FailingObserver()], [FailingStepObserver()]))
    assert all_losses(events) == all_losses(run_training(project))
    assert len(caplog.records) == 3


def test_observers_run_while_paused() -> None:
    control = scripted_control("step")
    events = []
    for event in train(
        chain(NOISY_LAYERS, epochs=1), RunOptions(threads=1), control, [RandomObserver()]
    ):
        events.append(event)
        paused = any(isinstance(earlier, Paused) and earlier.step == 1 for earlier in events)
        if paused and isinstance(event, Snapshot):
            control.send("stop")
    assert single_event(events, Finished).reason == "stopped"


def test_run_can_be_stopped_before_the_first_step() -> None:
    control = Control()
    control.send("stop")
    finished = single_event(run_training(chain(NOISY_LAYERS), control), Finished)
    assert (finished.reason, finished.step) == ("stopped", 0)
