"""Computes slow views of this process's networks in the worker. Imports torch late."""

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
    """The worker process shared by all slow views."""

    def __init__(self, worker: Worker | None = None) -> None:
        """Start no process; the first `compute` does."""
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
        """Compute a view; call it from a background thread.

        Args:
            spec: The view.
            options: Values of its options; defaults replace those that are missing.
            state: The network, and the callback for progress.
            beside_run: Whether a run needs the cores; the view then uses one, at low priority.
            is_cancelled: Polled every 50 ms; True cancels the computation.

        Raises:
            Cancelled: `is_cancelled` returned True.
            WorkError: The view could not be computed.
            WeightsError, OSError: The network could not be written for the worker.
        """
        from dlstudio.worker.network_files import NetworkWriter

        with self.worker.reserved(is_cancelled):
            if self._writer is None:
                self._writer = NetworkWriter(self.worker.folder)
            state.progress("Sending the network to the worker", None)
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
        """Stop the worker and remove its files."""
        self.worker.close()
        self._writer = None
