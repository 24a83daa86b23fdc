"""Loads the curves of a resumed run from before its checkpoint, which only its folder holds.

The folder is read in the background, because a long run has many points.
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
    """Prepends the earlier curves to the session's history when a run is resumed.

    Signals:
        failed: A message: why the earlier curves are missing.
    """

    failed = Signal(str)

    def __init__(self, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._history = session.run.history
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
            from dlstudio.gui.runs.earlier.history_loader import load_history

            return load_history(run_dir), step

        self._task.submit(work)

    def _prepend(self, earlier: tuple[RunHistory, int]) -> None:
        self._history.prepend(*earlier)
