from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dlstudio.data.errors import Cancelled
from dlstudio.gui.newest_wish import NewestWish
from dlstudio.gui.panels.data_reading import Reading


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def wishes(qtbot: QtBot, told: list[object]) -> Iterator[NewestWish]:
    owner = QObject()
    task = NewestWish(owner, "It went wrong")
    task.done.connect(told.append)
    task.failed.connect(told.append)
    yield task
    owner.deleteLater()


def held(gate: threading.Event, name: str) -> Callable[[object], str]:
    def work(_reading: object) -> str:
        assert gate.wait(10)
        return name

    return work


def test_only_the_newest_of_the_waiting_wishes_is_worked_off(
    qtbot: QtBot, wishes: NewestWish, told: list[object]
) -> None:
    gate = threading.Event()
    for name in ("first", "second", "third"):
        wishes.ask(held(gate, name))
    gate.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["first", "third"]
    assert not wishes.is_busy


def test_a_newer_wish_is_worked_on_before_the_last_one_is_told(
    qtbot: QtBot, wishes: NewestWish
) -> None:
    gate, busy = threading.Event(), list[bool]()
    wishes.done.connect(lambda _result: busy.append(wishes.is_busy))
    wishes.ask(held(gate, "first"))
    wishes.ask(held(gate, "second"))
    gate.set()
    qtbot.waitUntil(lambda: len(busy) == 2)
    assert busy == [True, False]


def test_nothing_is_told_of_what_was_forgotten(
    qtbot: QtBot, wishes: NewestWish, told: list[object]
) -> None:
    gate = threading.Event()
    wishes.ask(held(gate, "old"))
    wishes.ask(held(gate, "never begun"))
    wishes.forget()
    gate.set()
    qtbot.waitUntil(lambda: not wishes.is_busy)
    wishes.ask(lambda _reading: "new")
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["new"]


def test_a_failure_is_told_in_words_and_ends_nothing(
    qtbot: QtBot, wishes: NewestWish, told: list[object]
) -> None:
    def fail(_reading: object) -> None:
        raise RuntimeError("no room")

    wishes.ask(fail)
    qtbot.waitUntil(lambda: bool(told))
    wishes.ask(lambda _reading: "fine")
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["It went wrong: no room", "fine"]


def test_work_that_is_cancelled_ends_and_tells_nothing(
    qtbot: QtBot, wishes: NewestWish, told: list[object]
) -> None:
    shares: list[float] = []
    wishes.progress.connect(shares.append)

    def follow(background: Reading) -> str:
        while not background.is_cancelled():
            background.tell("", 0.5)
        raise Cancelled

    wishes.ask(follow)
    qtbot.waitUntil(lambda: bool(shares))
    wishes.cancel()
    qtbot.waitUntil(lambda: not wishes.is_busy)
    assert shares[0] == 0.5
    assert told == []


def test_an_answer_on_its_way_is_dropped_when_the_owner_goes(qtbot: QtBot) -> None:
    owner = QObject()
    task = NewestWish(owner, "It went wrong")
    started: list[Reading] = []

    def work(background: Reading) -> str:
        started.append(background)
        return "late"

    task.ask(work)
    while not (started and started[0].wait()):
        pass
    with qtbot.captureExceptions() as exceptions:
        delete(owner)
        QCoreApplication.processEvents()
    assert not exceptions
