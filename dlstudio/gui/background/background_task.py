"""Runs one task in a background thread and reports its progress. Imports torch only there."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.data_settings import DataSettings

READ_ERROR_PREFIX = "The data could not be read"
_running_tasks: set[BackgroundTask] = set()
"""Kept until their threads have ended: Qt must not free an object that a thread still uses."""


def stop_all_tasks() -> None:
    """Cancel all running tasks and wait for them."""
    running = [task for task in _running_tasks if task.is_alive]
    for task in running:
        task.abandon()
    for task in running:
        task.wait()


class BackgroundTask(QObject):
    """One task; its signals are emitted in the window's thread.

    It may outlive its owner; it then emits nothing.
    """

    progress = Signal(str, object)
    """What is being done, and the fraction completed or None."""
    done = Signal(object)
    failed = Signal(str, str)
    """A message for the user, and details for the log."""
    cancelled = Signal()
    _event_posted = Signal(str, object)

    def __init__(
        self,
        work: Callable[[BackgroundTask], Any],
        owner: QObject | None = None,
        error_prefix: str = READ_ERROR_PREFIX,
    ) -> None:
        """Prepare to run `work`, which receives this task; it is abandoned with `owner`.

        `error_prefix` begins the message about an unexpected exception.
        """
        super().__init__()
        self._error_prefix = error_prefix
        if owner is not None:
            owner.destroyed.connect(self.abandon)
        self._event_posted.connect(self._emit_in_main_thread)
        self._work = work
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background-task", daemon=True)

    def start(self) -> None:
        _running_tasks.difference_update([task for task in _running_tasks if not task.is_alive])
        self._thread.start()
        _running_tasks.add(self)

    @property
    def is_alive(self) -> bool:
        """Whether the thread is running."""
        return self._thread.is_alive()

    @Slot()
    def abandon(self) -> None:
        """Cancel the task and emit nothing more."""
        self.cancel()
        self.blockSignals(True)

    def cancel(self) -> None:
        """Ask the work to stop soon."""
        self._cancel.set()

    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancel.is_set()

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait for the thread; return whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def report_progress(self, text: str, fraction: float | None) -> None:
        """Emit `progress` in the window's thread; called by the work."""
        self._event_posted.emit("progress", (text, fraction))

    @Slot(str, object)
    def _emit_in_main_thread(self, name: str, values: tuple[object, ...]) -> None:
        """Emit a signal in the window's thread, where `abandon` cannot interfere."""
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
    """Return a task function that loads a data set and returns its preview."""

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
