"""One slow look at a copy of the network: in the background, with progress and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.runs.trained_network import CopyFactory, TrainedNetwork

if TYPE_CHECKING:
    from dlstudio.data.core.progress import ProgressCallback
    from dlstudio.training.loop.observer import RunView

Analysis = Callable[["RunView", "ProgressCallback"], Any]
"""What is done with the copy; ValueError and DataError carry words for people."""


class AnalysisTask(QObject):
    """Does the newest look that was asked for; an older one ends.

    Signals:
        progress: What goes on, and the share done or None.
        done: What the look found.
        failed: Words for people, and the traceback for the log or nothing.
        busy_changed: A look has begun or is over.
    """

    progress = Signal(str, object)
    done = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal()

    def __init__(self, network: TrainedNetwork, parent: QObject | None = None) -> None:
        """Look at what `network` hands out."""
        super().__init__(parent)
        self._network = network
        self._analysis: Analysis | None = None
        self._task: BackgroundTask | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a look goes on, or waits for the network."""
        return self._analysis is not None

    def start(self, analysis: Analysis) -> None:
        """Begin a look."""
        self._abandon()
        self._analysis = analysis
        self.busy_changed.emit()
        self.progress.emit("Waiting for the network", None)
        self._network.request_copy(self._run_on_copy)

    def cancel(self) -> None:
        """End the look; nothing comes of it."""
        if self.is_busy:
            self._abandon()
            self.busy_changed.emit()

    def _run_on_copy(self, make_copy: CopyFactory) -> None:
        if self._analysis is None:
            return
        work = _background_work(make_copy, self._analysis, during_run=self._network.is_training)
        task = self._task = BackgroundTask(work, self)
        task.progress.connect(self.progress)
        task.done.connect(lambda result: self._finish(task, result))
        task.failed.connect(lambda text, details: self._finish(task, None, text, details))
        task.start()

    def _finish(self, task: BackgroundTask, result: Any, text: str = "", details: str = "") -> None:
        """Tell what was found; a look that was left may still have something on the way."""
        if task is not self._task:
            return
        self._task = self._analysis = None
        self.busy_changed.emit()
        if text:
            self.failed.emit(text, details)
        else:
            self.done.emit(result)

    def _abandon(self) -> None:
        self._network.cancel_request(self._run_on_copy)
        self._analysis = None
        if self._task is not None:
            self._task.abandon()
            self._task = None


def _background_work(
    make_copy: CopyFactory, analysis: Analysis, *, during_run: bool
) -> Callable[[BackgroundTask], Any]:
    """Return the work of a look; beside a run it takes one core, or both would wait in turns."""

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
