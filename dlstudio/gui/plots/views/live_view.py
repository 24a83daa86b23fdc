"""Updates a view during the runs of the session. Imports no widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.entry_points import resolve_target
from dlstudio.gui.plots.services.live_rate import rate_text
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.run_options import run_options
from dlstudio.insight.common.view_result import ViewResult
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.training.protocol.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.common.observed_network import ObservedNetwork
    from dlstudio.insight.common.view_observer import Compute, ViewObserver
    from dlstudio.training.loop.observer import RunView


class LiveView(QObject):
    """Computes a view during runs while it is watched.

    Signals:
        result_ready: A `ViewResult`.
    """

    result_ready = Signal(object)

    def __init__(self, services: ViewServices, spec: ViewSpec, parent: QObject) -> None:
        """Observe every run of the session from now on."""
        super().__init__(parent)
        self._services = services
        self._spec = spec
        self._observer: ViewObserver | None = None
        self._options: Mapping[str, Any] | None = None
        services.network.observe(self._create_observer)
        services.network.changed.connect(self._on_network_changed)
        services.session.snapshot.connect(self._on_snapshot)

    @property
    def is_following(self) -> bool:
        """Whether a run is active that updates the view while it is watched."""
        return self._observer is not None and self._services.network.is_training

    @property
    def rate_text(self) -> str:
        """The update rate and its cost; empty before the first update of a run."""
        return rate_text(self._services.session.live_scheduler, self._spec.name)

    def watch(self, options: Mapping[str, Any] | None) -> None:
        """Compute the view with these parsed options during runs; None stops it."""
        self._options = options
        if self._observer is not None:
            self._observer.watch(options)

    def compute_now(self) -> None:
        """Compute the view at the next step, without waiting for the scheduler."""
        if self._observer is not None:
            self._observer.compute_now()

    def _create_observer(self, _network: ObservedNetwork) -> ViewObserver:
        from dlstudio.insight.common.view_observer import ViewObserver

        scheduler = self._services.session.live_scheduler
        self._observer = ViewObserver(self._spec.name, self._compute_function(), scheduler)
        self._observer.watch(self._options)
        return self._observer

    def _compute_function(self) -> Compute:
        from dlstudio.insight.common.network_state import NetworkState

        document, spec = self._services.document, self._spec
        project = self._services.network.project or document.project
        paths = run_options(document, "")

        def compute(
            network: RunView, progress: ProgressCallback, options: Mapping[str, Any]
        ) -> object:
            state = NetworkState(network, project, progress, paths.data_dir, paths.design_dir)
            return resolve_target(spec.compute)(state, **options)

        return compute

    def _on_network_changed(self) -> None:
        if not self._services.network.is_available:
            self._observer = None

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        result = snapshot.payload
        is_own = isinstance(result, ViewResult) and result.view == self._spec.name
        if is_own and self._options is not None and self._observer is not None:
            self.result_ready.emit(result)
