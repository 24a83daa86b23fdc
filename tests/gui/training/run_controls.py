"""Run bars without a window, and a run of one epoch."""

from __future__ import annotations

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.run_bar import RunBar


def create_run_bar(document: Document, session: TrainingSession) -> RunBar:
    """Return a bar whose buttons control the session directly."""
    actions = {
        name: QAction(session) for name in ("train", "pause", "step", "step-epoch", "stop", "reset")
    }
    for name, action in actions.items():
        action.triggered.connect(getattr(session, name.replace("-", "_")))
    return RunBar(document, session, actions)


def run_epoch(qtbot: QtBot, session: TrainingSession) -> None:
    session.step_epoch()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
