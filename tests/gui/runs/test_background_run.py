from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.gui.runs.background_run import BackgroundRun
from dlstudio.training.protocol.events import Event, Finished, RunOptions, Started
from tests.gui.panel_designs import example_document


def test_events_are_delivered_before_the_end(qtbot: QtBot, tmp_path: Path) -> None:
    received: list[Event | None] = []
    owner = QObject()
    run = BackgroundRun(received.append, lambda: received.append(None), owner)
    project = example_document("xor-mlp", tmp_path).project
    run.start(project, RunOptions(runs_dir=str(tmp_path)))
    qtbot.waitUntil(lambda: received[-1:] == [None], timeout=60_000)
    assert any(isinstance(event, Started) for event in received)
    assert isinstance(received[-2], Finished)
    assert run.wait(0)


def test_wait_delivers_the_last_events(tmp_path: Path) -> None:
    received: list[Event | None] = []
    owner = QObject()
    run = BackgroundRun(received.append, lambda: received.append(None), owner)
    project = example_document("xor-mlp", tmp_path).project
    run.start(project, RunOptions(runs_dir=str(tmp_path)))
    run.send("stop")
    assert run.wait(60)
    assert isinstance(received[-2], Finished)
    assert received[-2].reason == "stopped"
    assert received.count(None) == 1


def test_commands_without_a_run_are_ignored() -> None:
    owner = QObject()
    run = BackgroundRun(lambda _event: None, lambda: None, owner)
    run.send("pause")
    assert run.wait(0)
