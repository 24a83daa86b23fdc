"""The speed of a run: paced steps, results that do not depend on it, and commands meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from dlstudio.training.loop.pacing import StepTimer
from dlstudio.training.loop.runner import Runner
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Event, Finished, Paused, RunOptions, StepsDone
from tests.training.training_designs import (
    NOISY_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    single_event,
)


@pytest.fixture
def runner() -> Iterator[Runner]:
    result = Runner()
    yield result
    result.control.send("stop")
    assert result.join(30)


def wait_for(runner: Runner, kind: type, seconds: float = 60.0) -> list[Event]:
    events: list[Event] = []
    end = time.monotonic() + seconds
    while not any(isinstance(event, kind) for event in events):
        assert time.monotonic() < end, f"no {kind.__name__} in time"
        events += runner.poll()
        time.sleep(0.002)
    return events


def test_losses_are_equal_at_any_speed() -> None:
    project = chain(NOISY_LAYERS, epochs=1)
    control = Control()
    control.send("pace", seconds=0.01)
    slow = run_training(project, control)
    assert all_losses(slow) == all_losses(run_training(project))
    assert single_event(slow, Finished).reason == "done"


def test_each_slow_step_is_reported_before_the_next(runner: Runner) -> None:
    runner.start(chain(NOISY_LAYERS, epochs=1), RunOptions(threads=1))
    runner.control.send("pace", seconds=0.05)
    steps = events_of(wait_for(runner, Finished), StepsDone)
    assert [len(event.losses) for event in steps[1:-1]] == [1] * (len(steps) - 2)
    assert len(steps) > 10


@pytest.mark.parametrize("command", ["pause", "stop"])
def test_commands_do_not_wait_for_the_next_step(runner: Runner, command: str) -> None:
    runner.start(chain(NOISY_LAYERS, epochs=1), RunOptions(threads=1))
    runner.control.send("pace", seconds=300.0)
    wait_for(runner, StepsDone)
    runner.control.send(command)
    events = wait_for(runner, Paused if command == "pause" else Finished, 30)
    assert not events_of(events, StepsDone)


def test_speed_can_be_changed_during_the_run(runner: Runner) -> None:
    runner.start(chain(NOISY_LAYERS, epochs=1), RunOptions(threads=1))
    runner.control.send("pace", seconds=300.0)
    wait_for(runner, StepsDone)
    runner.control.send("pace", seconds=0.0)
    assert single_event(wait_for(runner, Finished), Finished).reason == "done"


def test_time_between_slow_steps_is_not_training_time() -> None:
    control = Control()
    control.send("pace", seconds=0.5)
    threading.Timer(2.0, control.send, ("stop",)).start()
    finished = single_event(run_training(chain(NOISY_LAYERS, epochs=1), control), Finished)
    assert finished.reason == "stopped"
    assert finished.seconds < 1.5


def test_late_step_does_not_delay_the_following_ones() -> None:
    now = 0.0
    timer = StepTimer(lambda: now)
    timer.interval = 1.0
    timer.start_step()
    assert timer.seconds_left == 1.0
    now = 1.25
    assert timer.seconds_left == 0.0
    timer.start_step()
    assert timer.seconds_left == 0.75
    now = 9.0
    timer.start_step()
    assert timer.seconds_left == 1.0
    timer.interval = 0.0
    assert timer.seconds_left == 0.0
