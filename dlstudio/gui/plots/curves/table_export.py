"""Saves the curves as a table in the background, with progress; a new export replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.curves.curve_table import copy_curves, write_table
from dlstudio.gui.runs.run_history import RunHistory


class TableExport(QObject):
    """One export at a time.

    Signals:
        progress: Message how much is written, or that all is.
        failed: Message why the table was not saved.
    """

    progress = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None

    def start(self, path: Path, histories: Sequence[RunHistory]) -> None:
        """Begin to write the curves as they are now."""
        if self._task is not None:
            self._task.abandon()
        curves = copy_curves(histories)

        def work(task: BackgroundTask) -> str:
            shown = -1

            def report(fraction: float) -> None:
                nonlocal shown
                if int(10 * fraction) > shown:
                    shown = int(10 * fraction)
                    task.report_progress(path.name, fraction)

            try:
                write_table(path, curves, report, task.is_cancelled)
            except OSError as error:
                return file_error_reason(error)
            return ""

        self._task = BackgroundTask(work, self, "The curves were not saved")
        self._task.progress.connect(self._show_progress)
        self._task.done.connect(lambda reason: self._finish(path.name, reason))
        self._task.failed.connect(lambda text, _: self.failed.emit(text))
        self._task.start()

    def _show_progress(self, name: str, fraction: float) -> None:
        if fraction < 1:
            self.progress.emit(f"Saving the curves as {name}: {fraction:.0%}")

    def _finish(self, name: str, reason: str) -> None:
        if reason:
            self.failed.emit(not_saved_text(reason))
        else:
            self.progress.emit(f"Curves saved as {name}")


def not_saved_text(reason: str) -> str:
    """Return the message why curves were not saved."""
    return f"The curves were not saved: {reason}. Choose another folder."
