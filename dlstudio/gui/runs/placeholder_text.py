"""Words for panels that have nothing to show yet: what goes on, or what Train waits for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.problems import Severity
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork

LOADING_WEIGHTS = "Reading the trained weights…"
CHECKING_DESIGN = "The design is being checked…"
STARTING_RUN = "The run begins…"
EMPTY_CANVAS = "The canvas is empty: add layers or open an example."


def blocker_text(document: Document, session: TrainingSession) -> str:
    """Return in words why Train cannot be pressed; empty where it can."""
    report = document.report
    if session.state != IDLE:
        return STARTING_RUN
    if report.ok and report.nodes:
        return ""
    if not document.project.graph.nodes:
        return EMPTY_CANVAS
    count = sum(problem.severity is Severity.ERROR for problem in report.problems)
    if not count:
        return CHECKING_DESIGN
    problems_stand = "One problem stands" if count == 1 else f"{count} problems stand"
    return f"{problems_stand} in the way of training: see Problems."


class PlaceholderText(QObject):
    """Watches the check, the runs and the reading of weights.

    Signals:
        changed: What goes on by itself, and what stands in the way of Train; each empty or a line.
    """

    changed = Signal(str, str)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        network: TrainedNetwork,
        parent: QObject | None = None,
    ) -> None:
        """Tell of changes from now on."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._network = network
        self._last: tuple[str, str] | None = None
        document.report_changed.connect(self.update)
        document.reset.connect(self.update)
        session.state_changed.connect(self.update)
        network.loading_changed.connect(self.update)

    @Slot()
    def update(self) -> None:
        """Say it where it is another than before."""
        activity = LOADING_WEIGHTS if self._network.is_loading else ""
        texts = activity, blocker_text(self._document, self._session)
        if texts != self._last:
            self._last = texts
            self.changed.emit(*texts)
