"""The network that slow views look at: a living run's, a finished one's, or an opened design's.

It is handed out as a copy, so that training goes on untouched. Imports torch late.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.network_restorer import NetworkRestorer
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.protocol.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.common.network_snapshot import SnapshotObserver
    from dlstudio.insight.restored_network import RestoredNetwork
    from dlstudio.training.loop.observer import Observer, RunView

CopyFactory = Callable[[], "RunView | None"]
"""Makes or fetches the copy; called in the thread that needs it."""


class TrainedNetwork(QObject):
    """Knows whether there is a trained network, and gives copies of it.

    It alone watches document and session for what becomes of the network.

    Signals:
        changed: Another network is there, or none any more.
        restored: A `RestoredNetwork` network, on show from now on.
        lost: The network that was restored is not the design's any more.
        failed: A line: why a network could not be restored, where nobody would expect it.
        loading_changed: Data and weights are being read now, or no more.
    """

    changed = Signal()
    restored = Signal(object)
    lost = Signal()
    failed = Signal(str)
    loading_changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        """Watch every run of the session, and what is restored without one."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._snapshot_observer: SnapshotObserver | None = None
        self._callbacks: list[Callable[[CopyFactory], None]] = []
        self._restorer = NetworkRestorer(document, session, self)
        self.project: Project | None = None
        """The design that the network was made of; None while there is none."""
        self._connect_document()
        self._connect_session()
        self._restorer.restored.connect(self._use_restored)
        self._restorer.lost.connect(self._on_lost)
        self._restorer.failed.connect(self.failed)
        self._restorer.busy_changed.connect(self.loading_changed)

    def _connect_document(self) -> None:
        document, reopening = self._document, self._restorer
        document.reset.connect(self._clear_all)
        document.project_changed.connect(reopening.on_project_changed)
        document.report_changed.connect(reopening.load_if_ready)

    def _connect_session(self) -> None:
        session, reopening = self._session, self._restorer
        session.observers.append(self._create_observer)
        session.about_to_start.connect(reopening.cancel)
        session.started.connect(reopening.clear)
        session.snapshot.connect(self._on_snapshot)
        session.state_changed.connect(self._on_state_changed)
        session.history_reset.connect(self._clear)

    @property
    def is_loading(self) -> bool:
        """Whether data and weights are being read."""
        return self._restorer.is_busy

    @property
    def is_restored(self) -> bool:
        """Whether the network on show came with the opened design, not out of a run."""
        return self._restorer.is_shown

    @Slot(object)
    def restore(self, weights: Path | None) -> None:
        """Show the design with these weights, None for nothing."""
        self._restorer.set_weights(weights)

    @property
    def is_available(self) -> bool:
        """Whether a copy can be had, now or once a run has begun."""
        return self._snapshot_observer is not None

    @property
    def is_training(self) -> bool:
        """Whether a run goes on, which needs the processor's cores."""
        return self._session.state != IDLE

    def age_text(self, step: int) -> str:
        """Return in words when a look at the network was taken."""
        return "with the restored weights" if self.is_restored else f"step {format_integer(step)}"

    def request_copy(self, callback: Callable[[CopyFactory], None]) -> None:
        """Have a copy made as soon as it can be; `callback` gets the way to it."""
        self._callbacks.append(callback)
        if self._session.state == IDLE:
            self._serve_requests()
        elif self._snapshot_observer is not None:
            self._snapshot_observer.request_copy()

    def cancel_request(self, callback: Callable[[CopyFactory], None]) -> None:
        """Wait for no copy any more."""
        self._callbacks = [other for other in self._callbacks if other != callback]

    def _create_observer(self) -> Observer:
        from dlstudio.insight.common.network_snapshot import SnapshotObserver

        self._snapshot_observer = SnapshotObserver()
        self.project = self._session.project
        self.changed.emit()
        return self._snapshot_observer

    def _use_restored(self, restored: RestoredNetwork) -> None:
        from dlstudio.insight.common.network_snapshot import SnapshotObserver

        self.restored.emit(restored)
        if restored.activations.network is None:
            return
        self._snapshot_observer = SnapshotObserver()
        self._snapshot_observer.attach(restored.activations.network)
        self.project = self._document.project
        self.changed.emit()

    def _on_lost(self) -> None:
        self.lost.emit()
        self._clear()

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        from dlstudio.insight.common.network_snapshot import SnapshotReady

        if isinstance(snapshot.payload, SnapshotReady) and self._snapshot_observer is not None:
            network_copy = self._snapshot_observer.take_copy()
            self._deliver(lambda: network_copy)

    def _on_state_changed(self, state: str) -> None:
        self._restorer.load_if_ready()
        if state == IDLE:
            self._serve_requests()

    def _serve_requests(self) -> None:
        observer = self._snapshot_observer
        if observer is not None:
            step = self._session.history.step
            self._deliver(lambda: observer.copy_now(step))

    def _deliver(self, make_copy: CopyFactory) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(make_copy)

    def _clear_all(self) -> None:
        self._restorer.clear()
        self._clear()

    def _clear(self) -> None:
        self._snapshot_observer = self.project = None
        self.changed.emit()
