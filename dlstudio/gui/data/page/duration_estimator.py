"""Measures in the background how long the first network will train."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model.model import Project
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.preferences import preferences


class DurationEstimator(QObject):
    """Estimates the newest design; earlier requests are dropped.

    Signals:
        estimated: The seconds, or None if they cannot be estimated.
    """

    estimated = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.may_measure: Callable[[], bool] = lambda: True
        """Whether the machine is free: beside a run, a measurement would disturb both."""
        self._task = LatestTask(self, "The duration could not be measured")
        self._task.done.connect(self.estimated)
        self._task.failed.connect(lambda _text, _details: self.estimated.emit(None))

    @property
    def is_busy(self) -> bool:
        """Whether a result is pending."""
        return self._task.is_busy

    def estimate(self, project: Project) -> None:
        """Estimate a design whose data facts are known."""
        if not self.may_measure():
            self.estimated.emit(None)
            return
        threads = preferences().run_threads

        def work(task: BackgroundTask) -> float | None:
            from dlstudio.training.duration import estimate_seconds

            return estimate_seconds(project, threads, task.is_cancelled)

        self._task.restart(work)

    def stop(self) -> None:
        """Drop the request."""
        self._task.cancel()
