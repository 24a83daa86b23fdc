"""The network that analyses use: of the active run, a finished run or an opened design.

Views receive a copy, so that training is not affected. Imports torch only when it is needed.
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
"""Returns the copy; called in the thread that needs it."""


class TrainedNetwork(QObject):
    """Knows whether there is a trained network, and provides copies of it.

    Follows document and session, so that views need not.

    Signals:
        changed: The network was replaced or removed.
        restored: A `RestoredNetwork`, to be shown from now on.
        lost: The restored network no longer belongs to the design.
        failed: A message: why an unexpected error prevented restoring the network.
        loading_changed: Loading data and weights has started or ended.
    """

    changed = Signal()
    restored = Signal(object)
    lost = Signal()
    failed = Signal(str)
    loading_changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._snapshot_observer: SnapshotObserver | None = None
        self._callbacks: list[Callable[[CopyFactory], None]] = []
        self._restorer = NetworkRestorer(document, session, self)
        self.project: Project | None = None
        """The design of the network, or None."""
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
        """Whether data and weights are being loaded."""
        return self._restorer.is_busy

    @property
    def is_restored(self) -> bool:
        """Whether the network was loaded with the design rather than trained in a run."""
        return self._restorer.is_shown

    @Slot(object)
    def restore(self, weights: Path | None) -> None:
        """Restore the network from a weights file, or none."""
        self._restorer.set_weights(weights)

    @property
    def is_available(self) -> bool:
        """Whether a copy can be requested."""
        return self._snapshot_observer is not None

    @property
    def is_training(self) -> bool:
        """Whether a run is active and needs the CPU cores."""
        return self._session.state != IDLE

    def age_text(self, step: int) -> str:
        """Return the state of the network as text: `step 1 200`, or that it was restored."""
        return "with the restored weights" if self.is_restored else f"step {format_integer(step)}"

    def request_copy(self, callback: Callable[[CopyFactory], None]) -> None:
        """Request a copy; `callback` receives a function that returns it."""
        self._callbacks.append(callback)
        if self._session.state == IDLE:
            self._serve_requests()
        elif self._snapshot_observer is not None:
            self._snapshot_observer.request_copy()

    def cancel_request(self, callback: Callable[[CopyFactory], None]) -> None:
        """Withdraw a request."""
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
