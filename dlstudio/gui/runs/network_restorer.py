"""Restores the network of an opened, trained design, until a run provides its own.

Data and weights are loaded in the background, after the design has been checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.model import Project
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_options import run_options, same_data, same_run_inputs
from dlstudio.gui.runs.session import IDLE, TrainingSession

if TYPE_CHECKING:
    from dlstudio.insight.restored_network import RestoredNetwork


class NetworkRestorer(QObject):
    """Restores one network at a time; its owner, `TrainedNetwork`, reports edits and runs to it.

    An edit may make the weights incompatible with the design, or compatible again.

    Signals:
        restored: A `RestoredNetwork`, to be shown from now on.
        lost: The restored network no longer belongs to the design.
        failed: A message: why an unexpected error prevented loading.
        busy_changed: Loading has started or ended.
    """

    restored = Signal(object)
    lost = Signal()
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._weights: Path | None = None
        self._attempted_project: Project | None = None
        self._restored_network: RestoredNetwork | None = None
        self._load_task = LatestTask(self)
        self._load_task.busy_changed.connect(self.busy_changed)
        self._load_task.done.connect(self._show)
        self._load_task.failed.connect(self._on_failed)
        self.is_shown = False
        """Whether the restored network is shown."""

    @property
    def is_busy(self) -> bool:
        """Whether data and weights are being loaded."""
        return self._load_task.is_busy

    @Slot(object)
    def set_weights(self, weights: Path | None) -> None:
        """Restore the network from a weights file, or none."""
        self.clear()
        self._weights = weights
        self.load_if_ready()

    @Slot()
    def clear(self) -> None:
        """Forget weights and network."""
        self.cancel()
        self._weights = self._restored_network = None

    @Slot()
    def cancel(self) -> None:
        """Stop loading; `load_if_ready` starts again."""
        self._attempted_project = None
        self._load_task.cancel()
        self._mark_lost()

    @Slot()
    def on_project_changed(self) -> None:
        """Drop the network if the design now uses other data."""
        tried = self._attempted_project
        if tried is not None and not same_data(tried.data, self._document.project.data):
            self.cancel()

    @Slot()
    def load_if_ready(self) -> None:
        """Start loading if the design is checked and no run is active."""
        project, weights = self._document.project, self._weights
        checked = bool(self._document.report.nodes)
        if weights is None or not checked or self._session.state != IDLE:
            return
        if self._attempted_project is not None and same_run_inputs(
            self._attempted_project, project
        ):
            return
        self._attempted_project = project
        self._start_loading(project, weights)

    def _start_loading(self, project: Project, weights: Path) -> None:
        options, previous = run_options(self._document, str(weights)), self._restored_network

        def work(task: BackgroundTask) -> RestoredNetwork | None:
            from dlstudio.insight.restored_network import restore_network

            return restore_network(project, options, previous, task.is_cancelled)

        self._load_task.restart(work)

    def _on_failed(self, text: str, _details: str) -> None:
        self.failed.emit(text)
        self._mark_lost()

    def _show(self, restored: RestoredNetwork | None) -> None:
        if restored is None:
            self._mark_lost()
            return
        self._restored_network = restored
        self.is_shown = True
        self.restored.emit(restored)

    def _mark_lost(self) -> None:
        if self.is_shown:
            self.is_shown = False
            self.lost.emit()
