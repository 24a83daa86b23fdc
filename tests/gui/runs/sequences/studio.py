"""A design with its runs and files but without a window: fast enough for many sequences."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QWidget

from dlstudio.design.changes.diff import Change
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.earlier.previous_run import PreviousRunLoader
from dlstudio.gui.runs.session import IDLE, PAUSED, TrainingSession
from dlstudio.gui.window.autosave import Autosave
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.gui.gui_fixtures import FakePrompts

_CHECKER = Checker()
_MILLISECONDS = 5


class Studio:
    """The objects that a window connects; designs are checked at once."""

    def __init__(self, recovery: Path) -> None:
        self.owner = QWidget()
        self.prompts = FakePrompts(
            save=Answer.DISCARD,
            stop_training=Answer.STOP,
            open_locked=Answer.YES,
            recovery=Answer.YES,
            restore=Answer.NO,
        )
        self.document = Document(parent=self.owner)
        self.session = TrainingSession(self.document, self.owner)
        self.runs = RunController(self.document, self.session, self.prompts, self.owner)
        self.files = DesignFiles(self.document, self.runs, self.prompts, self.owner)
        self.autosave = Autosave(self.document, self.session, self.runs, self.files, recovery)
        self.previous = PreviousRunLoader(self.document, self.session, self.owner)
        self.runs.next_run.wait_for(self.previous)
        self.failures: list[str] = []
        self.session.failed.connect(lambda event: self.failures.append(event.text + event.details))
        self.document.project_changed.connect(self._on_change)
        self.document.reset.connect(self._check)

    def _on_change(self, change: Change) -> None:
        if change.is_structural:
            self._check()

    def _check(self) -> None:
        self.document.set_report(check_project(self.document.project, _CHECKER))

    def wait(self) -> None:
        """Wait until nothing runs in the background, or the run is paused."""
        QCoreApplication.processEvents()
        while self.session.state not in {IDLE, PAUSED} or self._is_reading:
            self.session.wait(0.002)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _MILLISECONDS)
        QCoreApplication.processEvents()

    @property
    def _is_reading(self) -> bool:
        tasks = self.owner.findChildren(LatestTask)
        return self.previous.is_busy or any(task.is_busy for task in tasks)

    def close(self) -> None:
        """Stop the run and close everything."""
        self.session.stop()
        self.wait()
        self.autosave.close()
        self.files.close()
        self.owner.deleteLater()
        QCoreApplication.processEvents()


def crash(studio: Studio, folder: Path) -> None:
    """Leave the folder as it would be if the process had ended now."""
    copy = folder.with_name(f"{folder.name}-crashed")
    shutil.copytree(folder, copy, symlinks=True)
    studio.close()
    shutil.rmtree(folder)
    copy.rename(folder)
    for lock in (folder / "recovery").glob("*/lock"):
        lock.unlink()
