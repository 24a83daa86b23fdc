"""Computes slow views in a worker, on networks of this process. Imports torch late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.design.model.values import Value
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.worker.client import Worker

if TYPE_CHECKING:
    from dlstudio.insight.common.network_state import NetworkState
    from dlstudio.worker.network_files import NetworkWriter

_JOB = "dlstudio.worker.view_job.compute_view"


class ViewWorker:
    """One warm worker for all slow views."""

    def __init__(self, worker: Worker | None = None) -> None:
        """Start nothing before the first view is asked for."""
        self.worker = worker or Worker()
        self._writer: NetworkWriter | None = None

    def compute(
        self,
        spec: ViewSpec,
        options: Mapping[str, Value],
        state: NetworkState,
        *,
        beside_run: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Return what a view shows; call it from a background thread.

        Args:
            spec: The view.
            options: What was chosen; defaults stand for the rest.
            state: The network, and who hears of progress.
            beside_run: Whether a run needs the cores: the view then takes one, at low priority.
            is_cancelled: Asked many times a second whether to end.

        Raises:
            Cancelled: `is_cancelled` said so.
            WorkError: The view could not be computed.
            WeightsError, OSError: The network could not be handed over.
        """
        from dlstudio.worker.network_files import NetworkWriter

        with self.worker.reserved(is_cancelled):
            if self._writer is None:
                self._writer = NetworkWriter(self.worker.folder)
            state.progress("Handing the network over", None)
            network = self._writer.write(state.network, state.project)
            arguments = {
                "view": spec.name,
                "options": dict(options),
                "network": network,
                "data_dir": state.data_dir,
                "design_dir": state.design_dir,
                "threads": 1 if beside_run else 0,
            }
            try:
                return self.worker.run(
                    _JOB,
                    arguments,
                    low_priority=beside_run,
                    packages={spec.compute.partition(".")[0]},
                    progress=state.progress,
                    is_cancelled=is_cancelled,
                )
            finally:
                Path(network["weights"]).unlink(missing_ok=True)

    def close(self) -> None:
        """End the worker and remove its files."""
        self.worker.close()
        self._writer = None
