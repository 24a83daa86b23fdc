"""The parts of the window that panels of views need."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.worker.view_worker import ViewWorker


@dataclass(frozen=True, slots=True)
class ViewServices:
    """Arguments of a view's panel.

    Attributes:
        document: The design, its selection and its report.
        session: The active run, if any, and its history.
        network: The trained network to show, from a run or a file.
        worker: The process that computes slow views.
        shown_run: The folder of the shown run, and tracing of its steps.
    """

    document: Document
    session: TrainingSession
    network: TrainedNetwork
    worker: ViewWorker
    shown_run: ShownRun
