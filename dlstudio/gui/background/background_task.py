"""Reads data in a thread of its own and tells the window how far it is. Imports torch there."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.data_settings import DataSettings

READ_ERROR_PREFIX = "The data could not be read"
_running_tasks: set[BackgroundTask] = set()
"""Kept until their threads have ended: Qt must not free what a thread still speaks through."""


def stop_all_tasks() -> None:
    """End all work that goes on, and wait for it."""
    running = [task for task in _running_tasks if task.is_alive]
    for task in running:
        task.abandon()
    for task in running:
        task.wait()


class BackgroundTask(QObject):
    """One piece of long work; its signals arrive in the window's thread.

    It outlives its owner if need be, silently.
    """

    progress = Signal(str, object)
    """What goes on, and the share done or None."""
    done = Signal(object)
    failed = Signal(str, str)
    """Words for people, and the details for the log."""
    cancelled = Signal()
    _event_posted = Signal(str, object)

    def __init__(
        self,
        work: Callable[[BackgroundTask], Any],
        owner: QObject | None = None,
        error_prefix: str = READ_ERROR_PREFIX,
    ) -> None:
        """Prepare to run `work`, which gets this reading to report to; it ends with `owner`.

        `error_prefix` begins what is said where the work fails in a way that nobody foresaw.
        """
        super().__init__()
        self._error_prefix = error_prefix
        if owner is not None:
            owner.destroyed.connect(self.abandon)
        self._event_posted.connect(self._emit_in_main_thread)
        self._work = work
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def start(self) -> None:
        """Begin."""
        _running_tasks.difference_update([task for task in _running_tasks if not task.is_alive])
        self._thread.start()
        _running_tasks.add(self)

    @property
    def is_alive(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive()

    @Slot()
    def abandon(self) -> None:
        """Ask it to end soon, and hear no more of it."""
        self.cancel()
        self.blockSignals(True)

    def cancel(self) -> None:
        """Ask it to end soon."""
        self._cancel.set()

    def is_cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._cancel.is_set()

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait for the end; whether it came."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def report_progress(self, text: str, fraction: float | None) -> None:
        """Say in the window's thread what goes on, and the share done; called by the work."""
        self._event_posted.emit("progress", (text, fraction))

    @Slot(str, object)
    def _emit_in_main_thread(self, name: str, values: tuple[object, ...]) -> None:
        """Emit a signal from the window's thread, where nobody has left since."""
        getattr(self, name).emit(*values)

    def _run(self) -> None:
        from dlstudio.data.core.errors import Cancelled, DataError

        try:
            result = self._work(self)
        except Cancelled:
            self._event_posted.emit("cancelled", ())
        except DataError as error:
            self._event_posted.emit(
                "failed", (str(error), "\n".join(getattr(error, "__notes__", ())))
            )
        except Exception as error:  # noqa: BLE001
            self._event_posted.emit(
                "failed", (f"{self._error_prefix}: {error}", traceback.format_exc())
            )
        else:
            if self.is_cancelled():
                self._event_posted.emit("cancelled", ())
            else:
                self._event_posted.emit("done", (result,))


def preview_work(
    settings: DataSettings, *, data_dir: str, design_dir: str
) -> Callable[[BackgroundTask], Any]:
    """Return the work of reading a data set and looking it over."""

    def work(task: BackgroundTask) -> Any:
        from dlstudio.data.load import load_data
        from dlstudio.data.preview import preview

        dataset = load_data(
            settings,
            data_dir=data_dir,
            design_dir=design_dir,
            progress=task.report_progress,
            cancelled=task.is_cancelled,
        )
        return preview(dataset)

    return work
