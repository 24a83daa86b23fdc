"""Locks of run folders: a run is in progress only while its process lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Failed, RunOptions, Started
from dlstudio.training.storage.run_lock import FILE, RunLock, is_locked
from dlstudio.training.storage.runs import list_runs
from tests.training.training_designs import PLAIN_LAYERS, chain, run_training, single_event

_HOLD = """
import sys
from pathlib import Path
from dlstudio.training.storage.run_lock import RunLock
lock = RunLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_lock_of_a_killed_process_is_gone(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        assert is_locked(tmp_path)
        assert not RunLock(tmp_path).acquire()
        process.kill()
        process.wait()
    assert (tmp_path / FILE).exists()
    assert not is_locked(tmp_path)


def test_run_is_in_progress_until_it_ends(tmp_path: Path) -> None:
    project = chain(PLAIN_LAYERS, epochs=2)
    events = train(project, RunOptions(threads=1, runs_dir=str(tmp_path)))
    while not isinstance(next(events), Started):
        pass
    next(events)
    (run,) = list_runs(tmp_path)
    assert run.in_progress
    assert not run.is_resumable
    refused = run_training(project, run_dir=str(run.path), resume=True)
    assert "another window" in single_event(refused, Failed).text
    events.close()
    (run,) = list_runs(tmp_path)
    assert run.was_interrupted
    assert run.is_resumable
    assert not (run.path / FILE).exists()
