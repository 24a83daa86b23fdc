"""Runs the newest of several requests in the background; requests in between are skipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from dlstudio.gui.background.background_task import READ_ERROR_PREFIX, BackgroundTask

Work = Callable[[BackgroundTask], Any]


class LatestTask(QObject):
    """Runs one task at a time and keeps the newest request meanwhile.

    Signals:
        done: The result of a task that was not discarded; None if the task stopped early.
        failed: A message for the user, and details for the log (may be empty).
        busy_changed: Whether a result is pending; emitted before `done` and `failed`.
        progress: What is being done, and the fraction completed or None.
    """

    done = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal(bool)
    progress = Signal(str, object)

    def __init__(self, parent: QObject, error_prefix: str = READ_ERROR_PREFIX) -> None:
        """`error_prefix` begins the message about an unexpected exception."""
        super().__init__(parent)
        self._error_prefix = error_prefix
        self._pending: Work | None = None
        self._task: BackgroundTask | None = None
        self._result_wanted = False
        self._was_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether a result is pending."""
        return self._result_wanted or self._pending is not None

    def submit(self, work: Work) -> None:
        """Run this next, in place of a waiting request; a running task still emits its result."""
        self._pending = work
        self._start_pending()
        self._report_busy()

    def restart(self, work: Work) -> None:
        """Run this now and discard all earlier requests.

        A running task may take a while to end, so it must share no state with `work`.
        """
        if self._task is not None:
            self._task.abandon()
            self._task = None
        self._result_wanted = False
        self.submit(work)

    def cancel(self) -> None:
        """Discard all requests and ask the running task to stop soon."""
        self._pending = None
        self._result_wanted = False
        if self._task is not None:
            self._task.cancel()
        self._report_busy()

    def _start_pending(self) -> None:
        if self._task is not None or self._pending is None:
            return
        work, self._pending = self._pending, None
        self._result_wanted = True
        self._task = BackgroundTask(work, self, self._error_prefix)
        self._task.done.connect(lambda result: self._finish(self.done, result))
        self._task.failed.connect(lambda *texts: self._finish(self.failed, *texts))
        self._task.cancelled.connect(lambda: self._finish(self.done, None))
        self._task.progress.connect(self._report_progress)
        self._task.start()

    def _finish(self, signal: SignalInstance, *values: object) -> None:
        """Start the waiting request, then emit the result unless it was discarded."""
        if self._task is not None:
            self._task.wait()
            self._task = None
        is_wanted, self._result_wanted = self._result_wanted, False
        self._start_pending()
        self._report_busy()
        if is_wanted:
            signal.emit(*values)

    def _report_progress(self, text: str, fraction: float | None) -> None:
        if self._result_wanted:
            self.progress.emit(text, fraction)

    def _report_busy(self) -> None:
        if self.is_busy != self._was_busy:
            self._was_busy = self.is_busy
            self.busy_changed.emit(self._was_busy)
