"""Run bars without a window, and a run of one epoch."""

from __future__ import annotations

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.next_run import NextRun
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.run_bar import RunBar


def create_run_bar(document: Document, session: TrainingSession) -> RunBar:
    """Return a bar whose buttons control the session directly."""
    actions = {
        name: QAction(name, session)
        for name in (
            "train", "pause", "step", "step-epoch", "stop", "reset", "continue", "start-over",
            "find-rate",
        )
    }  # fmt: skip
    next_run = NextRun(document, session, session)
    for name in ("pause", "stop", "reset"):
        actions[name].triggered.connect(getattr(session, name))
    for name in ("train", "step", "step-epoch", "start-over"):
        actions[name].triggered.connect(getattr(next_run, name.replace("-", "_")))
    return RunBar(document, session, next_run, actions)


def run_epoch(qtbot: QtBot, session: TrainingSession) -> None:
    session.step_epoch()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
