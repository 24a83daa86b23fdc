"""What every panel of a view is made with."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.worker.view_worker import ViewWorker


@dataclass(frozen=True, slots=True)
class ViewServices:
    """The parts of the window that views look at and work with.

    Attributes:
        document: The design, its selection and its report.
        session: The run, if one goes on, and its history.
        network: The network to look at, wherever it comes from.
        worker: Computes slow views.
        shown_run: What the shown run keeps for views besides its network.
    """

    document: Document
    session: TrainingSession
    network: TrainedNetwork
    worker: ViewWorker
    shown_run: ShownRun
