from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch

from dlstudio.training.loop.runner import Runner
from dlstudio.training.protocol.events import (
    EpochDone,
    Failed,
    Finished,
    Paused,
    RunOptions,
    StepsDone,
)
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    single_event,
)


def collect(runner: Runner, until: type, seconds: float = 60.0) -> list:
    events = []
    end = time.monotonic() + seconds
    while not any(isinstance(event, until) for event in events):
        assert time.monotonic() < end, f"no {until.__name__} in time"
        events += runner.poll()
        time.sleep(0.005)
    return events


def test_thread_trains_like_the_loop_and_ends() -> None:
    project = chain(NOISY_LAYERS, epochs=2)
    runner = Runner()
    runner.start(project, RunOptions(threads=1))
    events = collect(runner, Finished)
    assert runner.join(10)
    assert all_losses(events) == all_losses(run_training(project))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("dlstudio")]
    assert runner.poll() == []


def test_thread_count_is_set_only_in_the_training_thread() -> None:
    before = torch.get_num_threads()
    runner = Runner()
    runner.start(chain(PLAIN_LAYERS, epochs=1), RunOptions(threads=2))
    events = collect(runner, Finished)
    assert runner.join(10)
    assert events[0].threads == 2 or events[1].threads == 2
    assert torch.get_num_threads() == before


def test_commands_reach_the_thread() -> None:
    runner = Runner()
    runner.start(chain(PLAIN_LAYERS, epochs=100_000), RunOptions(threads=1))
    collect(runner, StepsDone)
    runner.control.send("pause")
    collect(runner, Paused)
    time.sleep(0.05)
    assert runner.poll() == []
    assert runner.is_alive
    with pytest.raises(RuntimeError, match="in progress"):
        runner.start(chain(PLAIN_LAYERS), RunOptions())
    runner.control.send("resume")
    collect(runner, StepsDone)
    runner.control.send("stop")
    finished = single_event(collect(runner, Finished), Finished)
    assert finished.reason == "stopped"
    assert runner.join(10)


def test_short_epochs_limit_the_number_of_step_events() -> None:
    project = chain(PLAIN_LAYERS, epochs=60, batch_size=1298)
    start = time.monotonic()
    events = run_training(project)
    seconds = time.monotonic() - start
    assert len(events_of(events, EpochDone)) == 60
    assert len(events_of(events, StepsDone)) <= 30 * seconds + 2


def test_failure_is_reported_as_an_event(tmp_path: Path) -> None:
    runner = Runner()
    runner.start(chain([("flatten", {})]), RunOptions(run_dir=str(tmp_path / "run")))
    failed = single_event(collect(runner, Failed), Failed)
    assert failed.text
    assert "Traceback" in failed.details
    assert runner.join(10)


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_any_exception_that_ends_the_thread_is_reported(error: BaseException) -> None:
    observer = Mock()
    observer.wants.side_effect = error
    runner = Runner()
    runner.start(chain(PLAIN_LAYERS), RunOptions(threads=1), [observer])
    failed = single_event(collect(runner, Failed), Failed)
    assert type(error).__name__ in failed.details
    assert runner.join(10)


def test_runner_and_runs_do_not_import_torch() -> None:
    code = (
        "import sys; import dlstudio.training.loop.runner, dlstudio.training.storage.runs, "
        "dlstudio.training.options.training_options; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
