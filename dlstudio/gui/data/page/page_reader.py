"""Runs the background work of the page: first rows, everything else, then the baseline."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.data.page.contents.data_reader import DataReader, ReadData

_DELAY_MS = 250


class PageReader(QObject):
    """Reads the newest settings; earlier requests are dropped.

    Signals:
        first_rows: The start of a table, a `PageTable`, before everything is read.
        done: The `PageContents`.
        failed: Why nothing can be read, and details for the log.
        progress: What is being done, and the completed share or None.
        baseline: The `Baseline` of what was read, or None.
    """

    first_rows = Signal(object)
    done = Signal(object)
    failed = Signal(str, str)
    progress = Signal(str, object)
    baseline = Signal(object)

    def __init__(self, parent: QObject, data_dir: str) -> None:
        super().__init__(parent)
        self.data_reader = DataReader(data_dir)
        self._request = (DataSettings(), "")
        self._first_rows, self._reading = LatestTask(self), LatestTask(self)
        self._baseline = LatestTask(self, "The baseline could not be computed")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._start)
        self._first_rows.done.connect(self._show_first_rows)
        self._first_rows.failed.connect(lambda _text, _details: self._start())
        self._reading.done.connect(self._finish)
        self._reading.failed.connect(self.failed)
        self._reading.progress.connect(self.progress)
        self._baseline.done.connect(self.baseline)
        self._baseline.failed.connect(lambda _text, _details: self.baseline.emit(None))
        self.destroyed.connect(self.data_reader.close)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being read or computed."""
        tasks = (self._first_rows, self._reading, self._baseline)
        return self._timer.isActive() or any(task.is_busy for task in tasks)

    def read(self, settings: DataSettings, design_dir: str) -> None:
        """Read data for the first time, its first rows at once."""
        self.stop()
        self._request = (settings, design_dir)
        self._first_rows.restart(
            lambda task: self.data_reader.read_first_rows(settings, design_dir, task.is_cancelled)
        )

    def read_again(self, settings: DataSettings, design_dir: str) -> None:
        """Read with other settings, shortly after the last of several changes."""
        self._request = (settings, design_dir)
        self._baseline.cancel()
        self._timer.start()

    def stop(self) -> None:
        """Drop all requests."""
        self._timer.stop()
        for task in (self._first_rows, self._reading, self._baseline):
            task.cancel()

    def close(self) -> None:
        """Drop all requests and stop the other process; nothing can be read afterwards."""
        self.stop()
        self.data_reader.close()

    def _start(self) -> None:
        settings, design_dir = self._request
        self._reading.restart(
            lambda task: self.data_reader.read(
                settings, design_dir, task.report_progress, task.is_cancelled
            )
        )

    def _show_first_rows(self, table: object) -> None:
        if table is not None:
            self.first_rows.emit(table)
        self._start()

    def _finish(self, read: ReadData | None) -> None:
        if read is None:
            return
        self.done.emit(read.contents)
        data = read.baseline
        if data is not None:
            self._baseline.restart(
                lambda task: self.data_reader.fit_baseline(data, task.is_cancelled)
            )
        elif read.contents.can_train:
            self.baseline.emit(None)
