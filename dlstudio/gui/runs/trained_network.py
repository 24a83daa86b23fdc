"""The network that views show: of the active run, a finished run or an opened design.

Views use only this object and need not know which it is. Imports torch only when needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.network_restorer import NetworkRestorer
from dlstudio.gui.runs.session import IDLE, TrainingSession, trained_on_other_data
from dlstudio.training.protocol.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.common.network_snapshot import SnapshotObserver
    from dlstudio.insight.common.observed_network import ObservedNetwork
    from dlstudio.insight.restored_network import RestoredNetwork
    from dlstudio.training.loop.observer import Observer, RunView

CopyFactory = Callable[[], "RunView | None"]
"""Returns the copy; called in the thread that needs it."""
ObserverFactory = Callable[["ObservedNetwork"], "Observer"]
"""Creates the observer of one network; a run calls it between steps."""


class TrainedNetwork(QObject):
    """Tracks the network to show, attaches the observers of views, and provides copies.

    Follows document and session, so that views need not.

    Signals:
        changed: The network was replaced or removed.
        restored: The network of an opened design was loaded, without a run.
        failed: A message: why an unexpected error prevented restoring the network.
        loading_changed: Loading data and weights has started or ended.
        origin_changed: `age_text` is another, and no run is active.
    """

    changed = Signal()
    restored = Signal()
    failed = Signal(str)
    loading_changed = Signal()
    origin_changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._network: ObservedNetwork | None = None
        self._snapshot_observer: SnapshotObserver | None = None
        self._callbacks: list[Callable[[CopyFactory], None]] = []
        self._factories: list[ObserverFactory] = []
        self._restorer = NetworkRestorer(document, session, self)
        self.project: Project | None = None
        """The design of the network, or None."""
        self._connect_document()
        self._connect_session()
        self._restorer.restored.connect(self._use_restored)
        self._restorer.lost.connect(self._clear)
        self._restorer.failed.connect(self.failed)
        self._restorer.busy_changed.connect(self.loading_changed)

    def observe(self, create: ObserverFactory) -> None:
        """Create an observer of every future network, before `changed` is emitted."""
        self._factories.append(create)

    def _connect_document(self) -> None:
        document, restorer = self._document, self._restorer
        document.reset.connect(self._clear_all)
        document.project_changed.connect(self._on_project_changed)
        document.report_changed.connect(restorer.load_if_ready)

    def _connect_session(self) -> None:
        session, restorer = self._session, self._restorer
        session.observer_factories.append(self._create_observers)
        session.about_to_start.connect(restorer.cancel)
        session.started.connect(restorer.clear)
        session.snapshot.connect(self._on_snapshot)
        session.shown_weights.changed.connect(self._on_origin_changed)
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
        return self._network is not None

    @property
    def is_at_rest(self) -> bool:
        """Whether the network is known and not being trained, so that it can be copied now."""
        is_known = self._network is not None and self._network.view is not None
        return is_known and not self.is_training

    @property
    def is_training(self) -> bool:
        """Whether a run is active and needs the CPU cores."""
        return self._session.state != IDLE

    def age_text(self, step: int) -> str:
        """Return which weights a result after `step` steps is of: `epoch 12 (last)`.

        What its samples are is added if they are not those of its data.
        """
        state = self._session.shown_weights.result_text(step)
        return f"{state} · {self.samples_note}" if self.samples_note else state

    @property
    def samples_note(self) -> str:
        """What the samples are if they are not those of the network's data, else empty."""
        return self._network.samples_note if self._network is not None else ""

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

    def _create_observers(self) -> list[Observer]:
        """Return the observers of a run that is about to start."""
        from dlstudio.insight.common.observed_network import ObservedNetwork

        assert self._session.run.project is not None
        return self._use_network(ObservedNetwork(), self._session.run.project)

    def _use_restored(self, restored: RestoredNetwork) -> None:
        self._use_network(restored.network, restored.project)
        self.restored.emit()

    def _use_network(self, network: ObservedNetwork, project: Project) -> list[Observer]:
        from dlstudio.insight.common.network_snapshot import SnapshotObserver

        self._network, self.project = network, project
        self._snapshot_observer = SnapshotObserver(network)
        observers = [self._snapshot_observer, *(create(network) for create in self._factories)]
        self.changed.emit()
        return observers

    def _on_project_changed(self) -> None:
        """Remove the network of a run that used other data than the design now names."""
        self._restorer.on_project_changed()
        of_run = self._network is not None and not self.is_restored
        if of_run and trained_on_other_data(self._session, self._document.project.data):
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

    @Slot()
    def _on_origin_changed(self) -> None:
        if not self._session.shown_weights.is_live:
            self.origin_changed.emit()

    def _serve_requests(self) -> None:
        network = self._network
        if network is not None:
            step = self._session.run.history.step
            self._deliver(lambda: network.copy(step))

    def _deliver(self, make_copy: CopyFactory) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(make_copy)

    def _clear_all(self) -> None:
        self._restorer.clear()
        self._clear()

    def _clear(self) -> None:
        self._network = self._snapshot_observer = self.project = None
        self.changed.emit()
