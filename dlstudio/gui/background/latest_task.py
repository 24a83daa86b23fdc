"""Works in the background on what was wished for last; wishes in between are skipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from dlstudio.gui.background.background_task import BackgroundTask

Work = Callable[[BackgroundTask], Any]


class LatestTask(QObject):
    """Does one piece of work at a time and keeps the newest wish meanwhile.

    Signals:
        done: What a piece of work brought. A newer wish may be worked on already: see `is_busy`.
        failed: A line for people.
        busy_changed: Whether work goes on.
        progress: The share of it that is done.
    """

    done = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)
    progress = Signal(float)

    def __init__(self, parent: QObject, error_prefix: str) -> None:
        """Wait for a wish; `error_prefix` begins the line about work that fails unforeseen."""
        super().__init__(parent)
        self._error_prefix = error_prefix
        self._pending: Work | None = None
        self._task: BackgroundTask | None = None
        self._result_wanted = False

    @property
    def is_busy(self) -> bool:
        """Whether work goes on."""
        return self._task is not None

    def submit(self, work: Work) -> None:
        """Do this next, in place of anything that waits."""
        self._pending = work
        if self._task is None:
            self._start()
            self.busy_changed.emit(True)

    def discard(self) -> None:
        """Tell no more of what was asked for."""
        self._pending = None
        self._result_wanted = False

    def cancel(self) -> None:
        """Tell no more of it, and ask the work that goes on to end soon."""
        self.discard()
        if self._task is not None:
            self._task.cancel()

    def _start(self) -> None:
        self._task = None
        if self._pending is not None:
            work, self._pending = self._pending, None
            self._result_wanted = True
            self._task = BackgroundTask(work, self, self._error_prefix)
            self._task.done.connect(lambda result: self._finish(self.done, result))
            self._task.failed.connect(lambda text, _details: self._finish(self.failed, text))
            self._task.cancelled.connect(lambda: self._finish(self.done, None))
            self._task.progress.connect(lambda _text, share: self.progress.emit(share))
            self._task.start()

    def _finish(self, signal: SignalInstance, result: object) -> None:
        """Go on with what waits, then tell what came out."""
        if self._task is not None:
            self._task.wait()
        is_wanted = self._result_wanted
        self._start()
        if is_wanted:
            signal.emit(result)
        if not self.is_busy:
            self.busy_changed.emit(False)
