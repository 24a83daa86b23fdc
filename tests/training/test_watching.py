from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch

from dlstudio.training.control import Control
from dlstudio.training.events import Finished, Paused, RunOptions, Snapshot
from dlstudio.training.loop import train
from dlstudio.training.observer import Observer, RunView
from tests.training.training_designs import NOISY, all_losses, chain, every, follow, only, scripted


@dataclass
class Curious(Observer):
    """Runs the whole training part through the network and draws random numbers."""

    name: str = "curious"
    every: int = 1
    seen: list[Any] = field(default_factory=list)

    def wants(self, step: int, _epoch: int) -> bool:
        return step % self.every == 0

    def observe(self, view: RunView) -> Any:
        torch.rand(5)
        module = view.objective.main.module
        assert not any(layer.training for layer in module.modules())
        inputs = view.normaliser.apply("samples", view.parts["train"].inputs["samples"])
        output = module(inputs.to(view.device))
        assert not output.requires_grad
        return view.step, round(float(output.sum()), 3)

    def after_backward(self, view: RunView) -> Any:
        gradient = view.objective.main.module.get_submodule("linear_1").weight.grad
        return "gradient", view.step, float(gradient.norm())


def test_watching_changes_no_loss() -> None:
    project = chain(NOISY, epochs=2)
    events = follow(project, None, [Curious(), Curious("rare", 7)])
    assert all_losses(events) == all_losses(follow(project))
    assert only(events, Finished).metrics == only(follow(project), Finished).metrics
    snapshots = [snapshot for snapshot in every(events, Snapshot) if snapshot.observer == "curious"]
    forward = [snapshot for snapshot in snapshots if snapshot.payload[0] != "gradient"]
    backward = [snapshot for snapshot in snapshots if snapshot.payload[0] == "gradient"]
    assert [snapshot.step for snapshot in forward] == [*range(1, 43)]
    assert [snapshot.step for snapshot in backward] == [*range(1, 43)]
    assert all(snapshot.payload[2] > 0 for snapshot in backward)


def test_a_view_that_fails_is_switched_off_and_the_run_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Curious):
        def observe(self, view: RunView) -> Any:
            raise ZeroDivisionError("a bad view")

    project = chain(NOISY, epochs=1)
    with caplog.at_level(logging.ERROR):
        events = follow(project, None, [Broken()])
    assert all_losses(events) == all_losses(follow(project))
    assert len(caplog.records) == 1


def test_observers_are_asked_while_the_run_is_paused() -> None:
    control = scripted("step")
    events = []
    for event in train(chain(NOISY, epochs=1), RunOptions(threads=1), control, [Curious()]):
        events.append(event)
        paused = any(isinstance(earlier, Paused) and earlier.step == 1 for earlier in events)
        if paused and isinstance(event, Snapshot):
            control.send("stop")
    assert only(events, Finished).reason == "stopped"


def test_stopping_before_the_first_step_ends_in_words() -> None:
    control = Control()
    control.send("stop")
    finished = only(follow(chain(NOISY), control), Finished)
    assert (finished.reason, finished.step) == ("stopped", 0)
