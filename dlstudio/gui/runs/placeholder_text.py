"""Texts for empty panels: what is in progress, or why training cannot start."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_options import error_summary
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork

LOADING_WEIGHTS = "Loading the trained weights…"
CHECKING_DESIGN = "Checking the design…"
STARTING_RUN = "Starting the run…"
EMPTY_CANVAS = "The canvas is empty. Add layers or open an example."


def blocker_text(document: Document, session: TrainingSession) -> str:
    """Return why Train is disabled; empty if it is enabled."""
    report = document.report
    if session.state != IDLE:
        return STARTING_RUN
    if report.ok and report.nodes:
        return ""
    if not document.project.graph.nodes:
        return EMPTY_CANVAS
    errors = error_summary(report)
    return f"{errors}: see Problems." if errors else CHECKING_DESIGN


class PlaceholderText(QObject):
    """Follows the check, the runs and the loading of weights.

    Signals:
        changed: The activity in progress and the reason that blocks Train, each may be empty.
    """

    changed = Signal(str, str)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        network: TrainedNetwork,
        parent: QObject | None = None,
    ) -> None:
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
        """Emit `changed` if a text differs from the last ones."""
        activity = LOADING_WEIGHTS if self._network.is_loading else ""
        texts = activity, blocker_text(self._document, self._session)
        if texts != self._last:
            self._last = texts
            self.changed.emit(*texts)
