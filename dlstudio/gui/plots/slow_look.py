"""One slow look at a copy of the network: in the background, with progress and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.panels.data_reading import Reading
from dlstudio.gui.plots.network_at_hand import Copying, NetworkAtHand

if TYPE_CHECKING:
    from dlstudio.data.parts import Progress
    from dlstudio.training.observer import RunView

Look = Callable[["RunView", "Progress"], Any]
"""What is done with the copy; ValueError and DataError carry words for people."""


class SlowLook(QObject):
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

    def __init__(self, network: NetworkAtHand, parent: QObject | None = None) -> None:
        """Look at what `network` hands out."""
        super().__init__(parent)
        self._network = network
        self._look: Look | None = None
        self._reading: Reading | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a look goes on, or waits for the network."""
        return self._look is not None

    def start(self, look: Look) -> None:
        """Begin a look."""
        self._leave()
        self._look = look
        self.busy_changed.emit()
        self.progress.emit("Waiting for the network", None)
        self._network.ask(self._begin)

    def cancel(self) -> None:
        """End the look; nothing comes of it."""
        if self.is_busy:
            self._leave()
            self.busy_changed.emit()

    def _begin(self, copying: Copying) -> None:
        if self._look is None:
            return
        work = _work(copying, self._look, beside_run=self._network.is_learning)
        task = self._reading = Reading(work, self)
        task.progress.connect(self.progress)
        task.done.connect(lambda result: self._over(task, result))
        task.failed.connect(lambda text, details: self._over(task, None, text, details))
        task.start()

    def _over(self, reading: Reading, found: Any, text: str = "", details: str = "") -> None:
        """Tell what was found; a look that was left may still have something on the way."""
        if reading is not self._reading:
            return
        self._reading = self._look = None
        self.busy_changed.emit()
        if text:
            self.failed.emit(text, details)
        else:
            self.done.emit(found)

    def _leave(self) -> None:
        self._network.leave(self._begin)
        self._look = None
        if self._reading is not None:
            self._reading.leave()
            self._reading = None


def _work(copying: Copying, look: Look, *, beside_run: bool) -> Callable[[Reading], Any]:
    """Return the work of a look; beside a run it takes one core, or both would wait in turns."""

    def work(task: Reading) -> Any:
        from dlstudio.data.errors import Cancelled, DataError
        from dlstudio.training.devices import cores, threads_of_run

        def report(text: str, share: float | None) -> None:
            if task.is_cancelled():
                raise Cancelled
            task.tell(text, share)

        view = copying()
        if view is None:
            raise DataError("There is no trained network yet. Press Train first.")
        try:
            with threads_of_run(1 if beside_run else cores()):
                return look(view, report)
        except ValueError as error:
            raise DataError(str(error)) from error

    return work
