"""Checks the open design in a background thread; only the newest project counts.

Torch is imported in that thread, after the window has been painted. A built-in example ships with
its report, which is shown at once and confirmed by the check.
"""

from __future__ import annotations

import gc
import threading
import traceback

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.changes.diff import Change
from dlstudio.design.model.model import Project
from dlstudio.design.model.report import Report
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.torch_loading import preload_torch


class DesignChecker(QObject):
    """Keeps a document's report up to date.

    Signals:
        ready: The first report has arrived.
        device_found: Where the design would train: `CPU · 2 cores`.
        failed: A check raised an exception: a message, and the traceback for the log.
    """

    ready = Signal()
    device_found = Signal(str)
    failed = Signal(str, str)
    _checked = Signal(int, object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._wake = threading.Condition()
        self._pending: Project | None = None
        self._requested = 0
        self._reported = 0
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._was_ready = False
        self._checked.connect(self._on_checked)

    @property
    def is_current(self) -> bool:
        """Whether the current project has been checked."""
        return 0 < self._requested == self._reported

    def start(self) -> None:
        """Check now and after every structural change; call after the first paint."""
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._run, name="design-checker", daemon=True)
        self._document.project_changed.connect(self._on_change)
        self._document.reset.connect(self._submit_opened)
        self._submit_opened()
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; blocks until a running check has finished."""
        if self._thread is None:
            return
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()
        self._thread = None

    @Slot(object)
    def _on_change(self, change: Change) -> None:
        if change.is_structural:
            self._submit()
            self._document.expect_report()

    @Slot()
    def _submit_opened(self) -> None:
        """Check an opened design; the report that ships with an example is shown meanwhile."""
        from dlstudio.training.readiness.stored_reports import stored_report

        stored = stored_report(self._document.project)
        if stored is not None:
            self._document.set_report(stored.report, is_current=stored.is_complete)
        self._submit()
        if stored is None or not stored.is_complete:
            self._document.expect_report()

    def _submit(self) -> None:
        with self._wake:
            self._requested += 1
            self._pending = self._document.complete_project
            self._wake.notify()

    @Slot(int, object)
    def _on_checked(self, number: int, report: Report) -> None:
        if self._stopping:
            return
        self._reported = number
        if not self._document.is_checked or report != self._document.report:
            self._document.set_report(report, is_current=self.is_current)
        if not self._was_ready:
            self._was_ready = True
            self.ready.emit()

    def _run(self) -> None:
        try:
            preload_torch()
            from dlstudio.network.check.inference import Checker
            from dlstudio.training.readiness.check import check_project
            from dlstudio.training.step.devices import device_text
        except Exception as error:  # noqa: BLE001  (a thread ends here)
            self.failed.emit(f"The design cannot be checked: {error}", traceback.format_exc())
            return
        gc.freeze()  # a full collection that includes all of torch blocks painting for 0.2 s
        checker = Checker()
        while (task := self._wait_for_project()) is not None:
            number, project = task
            try:
                report = check_project(project, checker)
            except Exception as error:  # noqa: BLE001  (one check ends here, the next may work)
                self.failed.emit(f"The check stopped: {error}", traceback.format_exc())
                continue
            self._checked.emit(number, report)
            self.device_found.emit(device_text(project.training.device))

    def _wait_for_project(self) -> tuple[int, Project] | None:
        with self._wake:
            while self._pending is None and not self._stopping:
                self._wake.wait()
            project, self._pending = self._pending, None
            return None if self._stopping or project is None else (self._requested, project)
