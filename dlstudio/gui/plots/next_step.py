"""Words for panels that have nothing to show yet: what goes on, or what Train waits for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.problems import Severity
from dlstudio.gui.document import Document
from dlstudio.gui.plots.network_at_hand import NetworkAtHand
from dlstudio.gui.session import IDLE, TrainingSession

READING = "Reading the trained weights…"
CHECKING = "The design is being checked…"
BEGINNING = "The run begins…"
EMPTY = "The canvas is empty: add layers or open an example."


def obstacle(document: Document, session: TrainingSession) -> str:
    """Return in words why Train cannot be pressed; empty where it can."""
    report = document.report
    if session.state != IDLE:
        return BEGINNING
    if report.ok and report.nodes:
        return ""
    if not document.project.graph.nodes:
        return EMPTY
    count = sum(problem.severity is Severity.ERROR for problem in report.problems)
    if not count:
        return CHECKING
    problems_stand = "One problem stands" if count == 1 else f"{count} problems stand"
    return f"{problems_stand} in the way of training: see Problems."


class NextStep(QObject):
    """Watches the check, the runs and the reading of weights.

    Signals:
        told: What goes on by itself, and what stands in the way of Train; each empty or a line.
    """

    told = Signal(str, str)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        network: NetworkAtHand,
        parent: QObject | None = None,
    ) -> None:
        """Tell of changes from now on."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._network = network
        self._last: tuple[str, str] | None = None
        document.report_changed.connect(self.tell)
        document.reset.connect(self.tell)
        session.state_changed.connect(self.tell)
        network.reading_changed.connect(self.tell)

    @Slot()
    def tell(self) -> None:
        """Say it where it is another than before."""
        activity = READING if self._network.is_reading else ""
        texts = activity, obstacle(self._document, self._session)
        if texts != self._last:
            self._last = texts
            self.told.emit(*texts)
