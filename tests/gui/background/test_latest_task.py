from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dlstudio.data.core.errors import Cancelled
from dlstudio.gui.background.background_task import BackgroundTask, stop_all_tasks
from dlstudio.gui.background.latest_task import LatestTask


@pytest.fixture
def results() -> list[object]:
    return []


@pytest.fixture
def task(qtbot: QtBot, results: list[object]) -> Iterator[LatestTask]:
    owner = QObject()
    task = LatestTask(owner, "It went wrong")
    task.done.connect(results.append)
    task.failed.connect(lambda text, _details: results.append(text))
    yield task
    owner.deleteLater()


def blocking_work(gate: threading.Event, name: str) -> Callable[[object], str]:
    def work(_task: object) -> str:
        assert gate.wait(10)
        return name

    return work


def test_only_the_newest_pending_task_runs(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    gate = threading.Event()
    for name in ("first", "second", "third"):
        task.submit(blocking_work(gate, name))
    gate.set()
    qtbot.waitUntil(lambda: len(results) == 2)
    assert results == ["first", "third"]
    assert not task.is_busy


def test_newer_task_starts_before_the_last_result_is_emitted(
    qtbot: QtBot, task: LatestTask
) -> None:
    gate, busy = threading.Event(), list[bool]()
    task.done.connect(lambda _result: busy.append(task.is_busy))
    task.submit(blocking_work(gate, "first"))
    task.submit(blocking_work(gate, "second"))
    gate.set()
    qtbot.waitUntil(lambda: len(busy) == 2)
    assert busy == [True, False]


def test_cancelled_tasks_emit_no_result(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    gate = threading.Event()
    task.submit(blocking_work(gate, "old"))
    task.submit(blocking_work(gate, "never begun"))
    task.cancel()
    assert not task.is_busy
    gate.set()
    task.submit(lambda _task: "new")
    qtbot.waitUntil(lambda: bool(results))
    assert results == ["new"]


def test_restart_drops_the_late_result_of_the_previous_task(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    gate, busy = threading.Event(), list[bool]()
    task.busy_changed.connect(busy.append)
    task.submit(blocking_work(gate, "old"))
    task.restart(lambda _task: "new")
    qtbot.waitUntil(lambda: not task.is_busy)
    gate.set()
    stop_all_tasks()
    QCoreApplication.processEvents()
    assert results == ["new"]
    assert busy == [True, False]


def test_busy_changes_before_the_result_is_emitted(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    order: list[object] = []
    task.busy_changed.connect(order.append)
    task.done.connect(order.append)
    task.submit(lambda _task: "found")
    qtbot.waitUntil(lambda: bool(results))
    assert order == [True, False, "found"]


def test_failure_is_reported_and_later_tasks_run(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    def fail(_task: object) -> None:
        raise RuntimeError("no room")

    task.submit(fail)
    qtbot.waitUntil(lambda: bool(results))
    task.submit(lambda _task: "fine")
    qtbot.waitUntil(lambda: len(results) == 2)
    assert results == ["It went wrong: no room", "fine"]


def test_cancelled_task_ends_without_a_result(
    qtbot: QtBot, task: LatestTask, results: list[object]
) -> None:
    fractions: list[float] = []
    task.progress.connect(lambda _text, fraction: fractions.append(fraction))

    def run_until_cancelled(background: BackgroundTask) -> str:
        while not background.is_cancelled():
            background.report_progress("", 0.5)
        raise Cancelled

    task.submit(run_until_cancelled)
    qtbot.waitUntil(lambda: bool(fractions))
    task.cancel()
    qtbot.waitUntil(lambda: not task.is_busy)
    assert fractions[0] == 0.5
    assert results == []


def test_late_result_is_dropped_when_the_owner_is_deleted(qtbot: QtBot) -> None:
    owner = QObject()
    task = LatestTask(owner, "It went wrong")
    started: list[BackgroundTask] = []

    def work(background: BackgroundTask) -> str:
        started.append(background)
        return "late"

    task.submit(work)
    while not (started and started[0].wait()):
        pass
    with qtbot.captureExceptions() as exceptions:
        delete(owner)
        QCoreApplication.processEvents()
    assert not exceptions
