"""One slow analysis of a copy of the network, in the background, with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask, Work
from dlstudio.gui.runs.trained_network import CopyFactory, TrainedNetwork

if TYPE_CHECKING:
    from dlstudio.data.core.progress import ProgressCallback
    from dlstudio.training.loop.observer import RunView

Analysis = Callable[["RunView", "ProgressCallback"], Any]
"""What is done with the copy; messages of ValueError and DataError are shown to the user."""


class AnalysisTask(QObject):
    """Runs the most recently started analysis; an earlier one is abandoned.

    Signals:
        progress: Description of the current work, and the fraction done or None.
        done: The result of the analysis.
        failed: Message for the user, and the traceback for the log or an empty string.
        busy_changed: An analysis has started or ended.
    """

    progress = Signal(str, object)
    done = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal()

    def __init__(self, network: TrainedNetwork, parent: QObject | None = None) -> None:
        """Analyse copies of `network`."""
        super().__init__(parent)
        self._network = network
        self._waiting_analysis: Analysis | None = None
        self._task = LatestTask(self)
        self._task.progress.connect(self.progress)
        self._task.done.connect(self.done)
        self._task.failed.connect(self.failed)
        self._task.busy_changed.connect(lambda _busy: self.busy_changed.emit())

    @property
    def is_busy(self) -> bool:
        """Whether an analysis is running or waiting for the network."""
        return self._waiting_analysis is not None or self._task.is_busy

    def start(self, analysis: Analysis) -> None:
        """Abandon the current analysis and start another."""
        self.cancel()
        self._waiting_analysis = analysis
        self.busy_changed.emit()
        self.progress.emit("Waiting for the network", None)
        self._network.request_copy(self._run_on_copy)

    def cancel(self) -> None:
        """Abandon the current analysis."""
        self._network.cancel_request(self._run_on_copy)
        was_waiting, self._waiting_analysis = self._waiting_analysis is not None, None
        self._task.cancel()
        if was_waiting:
            self.busy_changed.emit()

    def _run_on_copy(self, make_copy: CopyFactory) -> None:
        analysis, self._waiting_analysis = self._waiting_analysis, None
        if analysis is not None:
            during_run = self._network.is_training
            self._task.submit(_background_work(make_copy, analysis, during_run=during_run))


def _background_work(make_copy: CopyFactory, analysis: Analysis, *, during_run: bool) -> Work:
    """Return the work of an analysis; during a run it uses one thread, or both would stall."""

    def work(task: BackgroundTask) -> Any:
        from dlstudio.data.core.errors import Cancelled, DataError
        from dlstudio.training.step.devices import core_count, torch_threads

        def report(text: str, share: float | None) -> None:
            if task.is_cancelled():
                raise Cancelled
            task.report_progress(text, share)

        view = make_copy()
        if view is None:
            raise DataError("There is no trained network yet. Press Train first.")
        try:
            with torch_threads(1 if during_run else core_count()):
                return analysis(view, report)
        except ValueError as error:
            raise DataError(str(error)) from error

    return work
