"""Makes the network of an opened, trained design visible, until a run has one of its own.

Data and weights are read in the background, once a check has shown that the design stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model import Project
from dlstudio.gui.document import Document
from dlstudio.gui.panels.data_reading import Reading
from dlstudio.gui.run_plan import run_options, same_data, trains_alike
from dlstudio.gui.session import IDLE, TrainingSession

if TYPE_CHECKING:
    from dlstudio.insight.reopened import Reopened


class Reopening(QObject):
    """Reads one network at a time; told of edits and runs by its owner, the network at hand.

    After an edit the weights may fit no longer, or once more.

    Signals:
        restored: A `Reopened` network, on show from now on.
        lost: The network shown last is not the design's any more.
        failed: A line: what went wrong, where nobody would expect it.
        busy_changed: A reading has begun or is over.
    """

    restored = Signal(object)
    lost = Signal()
    failed = Signal(str)
    busy_changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        """Wait for weights."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._weights: Path | None = None
        self._tried: Project | None = None
        self._reopened: Reopened | None = None
        self._reading: Reading | None = None
        self.is_shown = False
        """Whether what is on show is this network."""

    @property
    def is_busy(self) -> bool:
        """Whether data and weights are being read."""
        return self._reading is not None

    @Slot(object)
    def take(self, weights: Path | None) -> None:
        """Show the design with these weights, None for nothing."""
        self.forget()
        self._weights = weights
        self.look()

    @Slot()
    def forget(self) -> None:
        """Have no weights any more."""
        self.leave()
        self._weights = self._reopened = None

    @Slot()
    def leave(self) -> None:
        """Stop, and begin anew at the next occasion."""
        self._tried = None
        self._stop_reading()
        self._lose()

    @Slot()
    def follow(self) -> None:
        """Show no sample of data that the design no longer names."""
        tried = self._tried
        if tried is not None and not same_data(tried.data, self._document.project.data):
            self.leave()

    @Slot()
    def look(self) -> None:
        """Begin to read where the design stands and no run goes on."""
        project, weights = self._document.project, self._weights
        checked = bool(self._document.report.nodes)
        if weights is None or not checked or self._session.state != IDLE:
            return
        if self._tried is not None and trains_alike(self._tried, project):
            return
        self._tried = project
        self._stop_reading()
        self._start_reading(project, weights)

    def _start_reading(self, project: Project, weights: Path) -> None:
        options, previous = run_options(self._document, str(weights)), self._reopened

        def work(task: Reading) -> Reopened | None:
            from dlstudio.insight.reopened import reopen

            return reopen(project, options, previous, task.is_cancelled)

        task = self._reading = Reading(work, self)
        task.done.connect(lambda restored: self._take(task, restored))
        task.failed.connect(lambda text, _details: self._take(task, None, text))
        task.start()
        self.busy_changed.emit()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.leave()
            self._reading = None
            self.busy_changed.emit()

    def _take(self, reading: Reading, found: Reopened | None, text: str = "") -> None:
        """Show what was found; a reading that was left may still have something on the way."""
        if reading is not self._reading:
            return
        self._reading = None
        self.busy_changed.emit()
        if text:
            self.failed.emit(text)
        if found is None:
            self._lose()
            return
        self._reopened = found
        self.is_shown = True
        self.restored.emit(found)

    def _lose(self) -> None:
        if self.is_shown:
            self.is_shown = False
            self.lost.emit()
