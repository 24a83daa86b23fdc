"""The worker process: results, cancelling, crashes, and cleaning up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlstudio.data.core.errors import Cancelled
from dlstudio.insight.views.values import Bars
from dlstudio.worker.client import Worker, WorkError

PATIENCE = 30.0


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def run(worker: Worker, job: str, **options: Any) -> Any:
    arguments = options.pop("arguments", {"names": ["a", "b"]})
    with worker.reserved(lambda: False):
        return worker.run(f"tests.worker.worker_jobs.{job}", arguments, **options)


def wait_until_gone(pid: int) -> None:
    """Wait until the process no longer exists, not even as a zombie."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still running")


def test_progress_and_value_are_received(worker: Worker) -> None:
    reports: list[tuple[str, float | None]] = []
    bars, text = run(worker, "describe", progress=lambda *event: reports.append(event))
    assert reports == [("Counting", 0.5)]
    assert isinstance(bars, Bars)
    assert bars.names == ("a", "b")
    np.testing.assert_array_equal(bars.values, [0.0, 1.0])
    assert not bars.values.flags.writeable
    assert text.text.split()[1] == "False"
    assert list(worker.folder.iterdir()) == []


def test_idle_child_handles_the_next_request(worker: Worker) -> None:
    first = run(worker, "describe")[1].text.split()[0]
    assert int(first) == worker.pid
    with pytest.raises(WorkError):
        run(worker, "refuse")
    assert run(worker, "describe")[1].text.split()[0] == first


JOBS = "tests.worker.worker_jobs"


def test_child_prepares_before_its_first_request(worker: Worker) -> None:
    assert run(worker, "is_prepared").text == "no"
    worker.close()
    worker.warm_up(f"{JOBS}.prepare")
    pid = worker.pid
    assert pid is not None
    worker.warm_up(f"{JOBS}.crash")
    assert run(worker, "is_prepared").text == "yes"
    assert worker.pid == pid


def test_child_that_cannot_prepare_answers_all_the_same(worker: Worker) -> None:
    worker.warm_up(f"{JOBS}.no_such_function")
    pid = worker.pid
    assert run(worker, "describe")
    assert worker.pid == pid


def test_child_that_runs_a_job_is_not_warmed_up(worker: Worker) -> None:
    with worker.reserved(lambda: False):
        worker.warm_up("")
        assert worker.pid is None


def test_child_that_prepares_is_ended_by_close(worker: Worker) -> None:
    worker.warm_up(f"{JOBS}.sleep")
    pid = worker.pid
    assert pid is not None
    worker.close()
    wait_until_gone(pid)


def test_warm_child_without_a_request_ends() -> None:
    impatient = Worker(idle_seconds=0.3)
    impatient.warm_up("")
    pid = impatient.pid
    assert pid is not None
    wait_until_gone(pid)
    impatient.close()


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no such priorities")
def test_low_priority_raises_the_nice_value(worker: Worker) -> None:
    assert run(worker, "describe")[1].text.split()[2] == str(os.nice(0))
    low = str(os.nice(0) + 10)
    assert run(worker, "describe", low_priority=True)[1].text.split()[2] == low
    worker.close()
    worker.warm_up("", low_priority=True)
    assert run(worker, "describe", low_priority=True)[1].text.split()[2] == low


@pytest.mark.parametrize("job", ["wait", "hang"])
def test_cancelled_job_ends_the_child(worker: Worker, job: str) -> None:
    started = threading.Event()
    pids: list[int | None] = []

    def on_progress(_text: str, _done: float | None) -> None:
        pids.append(worker.pid)
        started.set()

    with pytest.raises(Cancelled):
        run(worker, job, progress=on_progress, is_cancelled=started.is_set)
    assert worker.pid is None
    assert pids[0] is not None
    wait_until_gone(pids[0])
    assert run(worker, "describe")


def test_crash_of_the_child_is_reported_with_its_error_output(worker: Worker) -> None:
    with pytest.raises(WorkError, match="ended unexpectedly") as caught:
        run(worker, "crash")
    assert "exit status 3" in caught.value.details
    assert "error output" in caught.value.details
    assert run(worker, "describe")


def test_child_that_ends_in_the_middle_of_an_event_is_reported(worker: Worker) -> None:
    end = time.monotonic() + PATIENCE
    with pytest.raises(WorkError, match="ended unexpectedly") as caught:
        run(worker, "break_off", is_cancelled=lambda: time.monotonic() > end)
    assert "exit status 9" in caught.value.details
    assert "last words" in caught.value.details
    assert isinstance(run(worker, "describe")[0], Bars)


def test_killed_idle_child_is_replaced(worker: Worker) -> None:
    run(worker, "describe")
    pid = worker.pid
    assert pid is not None
    os.kill(pid, 9)
    wait_until_gone(pid)
    assert run(worker, "describe")
    assert worker.pid != pid


@pytest.mark.parametrize(
    ("job", "text", "details"),
    [
        ("refuse", "Choose another layer.", ""),
        ("fail", "KeyError: 'layer'", "Traceback"),
        ("give_object", "TypeError: The worker cannot return a value of type object", "Traceback"),
        ("gone", "AttributeError", "Traceback"),
    ],
)
def test_failure_is_reported(worker: Worker, job: str, text: str, details: str) -> None:
    with pytest.raises(WorkError) as caught:
        run(worker, job)
    assert str(caught.value).startswith(text)
    assert details in caught.value.details


def test_idle_child_ends_and_is_replaced_by_the_next_request() -> None:
    worker = Worker(idle_seconds=0.3)
    run(worker, "describe")
    pid = worker.pid
    assert pid is not None
    wait_until_gone(pid)
    assert worker.pid is None
    assert run(worker, "describe")
    worker.close()


def test_second_thread_waits_or_is_cancelled(worker: Worker) -> None:
    with worker.reserved(lambda: False), pytest.raises(Cancelled):
        run_waiting(worker)


def run_waiting(worker: Worker) -> None:
    with worker.reserved(lambda: True):
        pytest.fail("the worker was reserved twice")


def test_close_ends_the_child_and_removes_its_folder(worker: Worker) -> None:
    run(worker, "describe")
    pid, folder = worker.pid, worker.folder
    worker.close()
    assert pid is not None
    wait_until_gone(pid)
    assert not folder.exists()


def test_invalid_requests_are_reported_and_closed_stdin_ends_the_child(tmp_path: Path) -> None:
    valid = {
        "job": "tests.worker.worker_jobs.describe",
        "arguments": {"names": ["a"]},
        "arrays": str(tmp_path / "result.safetensors"),
        "low_priority": False,
    }
    lines = ["not JSON", "[]", json.dumps({"arrays": "x"}), json.dumps({**valid, "job": 3})]
    lines.append(json.dumps(valid))
    result = subprocess.run(
        [sys.executable, "-m", "dlstudio.worker"],
        input="\n".join((*lines, "")),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["event"] for event in events[:5]] == ["failed"] * 4 + ["started"]
    assert [
        event["text"].removeprefix("The request cannot be read: ") for event in events[1:4]
    ] == [
        "it is not a JSON object",
        "'job' is missing; it must be the dotted name of a function",
        "'job' must be the dotted name of a function, not 3",
    ]
