"""Works in the background on what was wished for last; wishes in between are skipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from dlstudio.gui.panels.data_reading import Reading

Work = Callable[[Reading], Any]


class NewestWish(QObject):
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

    def __init__(self, parent: QObject, complaint: str) -> None:
        """Wait for a wish; `complaint` begins the line about work that fails unforeseen."""
        super().__init__(parent)
        self._complaint = complaint
        self._wish: Work | None = None
        self._reading: Reading | None = None
        self._is_wanted = False

    @property
    def is_busy(self) -> bool:
        """Whether work goes on."""
        return self._reading is not None

    def ask(self, work: Work) -> None:
        """Do this next, in place of anything that waits."""
        self._wish = work
        if self._reading is None:
            self._start()
            self.busy_changed.emit(True)

    def forget(self) -> None:
        """Tell no more of what was asked for."""
        self._wish = None
        self._is_wanted = False

    def cancel(self) -> None:
        """Tell no more of it, and ask the work that goes on to end soon."""
        self.forget()
        if self._reading is not None:
            self._reading.cancel()

    def _start(self) -> None:
        self._reading = None
        if self._wish is not None:
            work, self._wish = self._wish, None
            self._is_wanted = True
            self._reading = Reading(work, self, self._complaint)
            self._reading.done.connect(lambda result: self._end(self.done, result))
            self._reading.failed.connect(lambda text, _details: self._end(self.failed, text))
            self._reading.cancelled.connect(lambda: self._end(self.done, None))
            self._reading.progress.connect(lambda _text, share: self.progress.emit(share))
            self._reading.start()

    def _end(self, signal: SignalInstance, found: object) -> None:
        """Go on with what waits, then tell what came out."""
        if self._reading is not None:
            self._reading.wait()
        is_wanted = self._is_wanted
        self._start()
        if is_wanted:
            signal.emit(found)
        if not self.is_busy:
            self.busy_changed.emit(False)
