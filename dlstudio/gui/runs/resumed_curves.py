"""Brings back what a resumed run measured before its checkpoint, which only its folder knows.

The folder is read in the background: a long run has measured much.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.runs.run_history import STEP_LOSS
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.training.protocol.events import Started

if TYPE_CHECKING:
    from dlstudio.gui.runs.run_history import RunHistory


class ResumedCurvesLoader(QObject):
    """Follows which run begins.

    Signals:
        failed: In words, why the earlier curves are not there.
    """

    failed = Signal(str)

    def __init__(self, session: TrainingSession, parent: QObject) -> None:
        """Fill the history of the session."""
        super().__init__(parent)
        self._history = session.history
        self._task = LatestTask(self, "The run's earlier curves could not be read")
        self._task.done.connect(self._prepend)
        self._task.failed.connect(lambda text, _details: self.failed.emit(text))
        session.started.connect(self._on_started)
        session.history_reset.connect(self._task.cancel)

    @Slot(object)
    def _on_started(self, event: Started) -> None:
        self._task.cancel()
        if not event.step or not event.run_dir or len(self._history.series.get(STEP_LOSS, ())):
            return
        run_dir, step = Path(event.run_dir), event.step

        def work(_task: BackgroundTask) -> tuple[RunHistory, int]:
            from dlstudio.gui.runs.history_loader import load_history

            return load_history(run_dir), step

        self._task.submit(work)

    def _prepend(self, earlier: tuple[RunHistory, int]) -> None:
        self._history.prepend(*earlier)
