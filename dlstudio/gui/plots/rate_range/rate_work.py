"""Runs the range test of a design in the worker, which draws its own random numbers."""

from __future__ import annotations

from pathlib import Path

from dlstudio.design.storage.codec import encode
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import Work
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_options import run_options
from dlstudio.training.rate_range.range_test import RateCurve, RateSweep
from dlstudio.worker.client import Worker, WorkError

_JOB = "dlstudio.worker.rate_range_job.measure_rates"


def rate_work(document: Document, weights: Path | None, sweep: RateSweep, worker: Worker) -> Work:
    """Return the task function of a test; it gets copies, so the document may change meanwhile.

    Args:
        document: The design and its folder.
        weights: File of imported weights to start from, or None for new ones.
        sweep: The rates.
        worker: The process that trains.
    """
    options = run_options(document, str(weights or ""))
    project = document.complete_project

    def work(task: BackgroundTask) -> RateCurve:
        from dlstudio.data.core.errors import DataError

        arguments = {
            "project": encode(project),
            "sweep": [sweep.lowest, sweep.highest, sweep.steps],
            "data_dir": options.data_dir,
            "design_dir": options.design_dir,
            "initial_weights": options.initial_weights,
            "threads": options.threads,
        }
        task.report_progress("Waiting for the process that trains", None)
        with worker.reserved(task.is_cancelled):
            task.report_progress("Starting the process that trains", None)
            try:
                curve = worker.run(
                    _JOB,
                    arguments,
                    progress=task.report_progress,
                    is_cancelled=task.is_cancelled,
                )
            except (WorkError, OSError) as error:
                failure = DataError(str(error))
                failure.add_note(getattr(error, "details", ""))
                raise failure from error
        assert isinstance(curve, RateCurve)
        return curve

    return work
