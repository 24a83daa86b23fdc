"""Computes slow views of this process's networks in the worker. Imports torch late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dlstudio.design.model.values import Value
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.worker.client import Worker

if TYPE_CHECKING:
    from dlstudio.worker.view_inputs import InputWriter, ViewInput

_JOB = "dlstudio.worker.view_job.compute_view"
_PREPARE = "dlstudio.worker.view_job.prepare"


class ViewWorker:
    """The worker process shared by all slow views."""

    def __init__(self, worker: Worker | None = None) -> None:
        """Start no process; `warm_up` or the first `compute` does."""
        self.worker = worker or Worker()
        self._is_closed = False
        self._writer: InputWriter | None = None

    def warm_up(self, *, beside_run: bool = False) -> None:
        """Let the worker import torch in the background, so that the first view need not wait.

        Does nothing if the worker is running or was closed.

        Args:
            beside_run: As for `compute`.
        """
        if self._is_closed:
            return
        with suppress(OSError):  # the first view reports that no process can be started
            self.worker.warm_up(_PREPARE, low_priority=beside_run)

    def compute(
        self,
        spec: ViewSpec,
        options: Mapping[str, Value],
        value: ViewInput,
        *,
        beside_run: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Compute a view; call it from a background thread.

        Args:
            spec: The view.
            options: Values of its options; defaults replace those that are missing.
            value: The input of the view; a network also supplies the progress callback.
            beside_run: Whether a run needs the cores; the view then uses one, at low priority.
            is_cancelled: Polled every 50 ms; True cancels the computation.

        Raises:
            Cancelled: `is_cancelled` returned True.
            WorkError: The view could not be computed.
            WeightsError, OSError: The input could not be written for the worker, or no process
                could be started; the text says why.
        """
        from dlstudio.worker.view_inputs import InputWriter, delete_files, progress_of

        progress = progress_of(value)
        with self.worker.reserved(is_cancelled):
            if self._writer is None:
                self._writer = InputWriter(self.worker.folder)
            progress("Sending the network to the worker", None)
            description = self._writer.write(value)
            arguments = {
                "view": spec.name,
                "options": dict(options),
                "input": description,
                "threads": 1 if beside_run else 0,
            }
            try:
                return self.worker.run(
                    _JOB,
                    arguments,
                    low_priority=beside_run,
                    packages={spec.compute.partition(".")[0]},
                    progress=progress,
                    is_cancelled=is_cancelled,
                )
            finally:
                delete_files(description)

    def close(self) -> None:
        """Stop the worker and remove its files."""
        self._is_closed = True
        self.worker.close()
        self._writer = None
