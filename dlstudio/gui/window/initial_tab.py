"""Selects a tab once: the samples of an opened network that generates any, the curves of a run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.window.bottom_panel import BottomPanel
from dlstudio.training.specs.registry import TASKS


class InitialTab(QObject):
    """Switches from empty curves to restored samples, and from problems to the curves of a run."""

    def __init__(self, document: Document, session: TrainingSession, bottom: BottomPanel) -> None:
        super().__init__(bottom)
        self._document = document
        self._session = session
        self._bottom = bottom
        self._is_new = False

    @Slot()
    def on_design_opened(self) -> None:
        """Expect the network of an opened design, which is restored later."""
        self._is_new = True

    @Slot()
    def on_network_restored(self) -> None:
        """Show the samples; a design with a file shows the curves of its last run instead."""
        new, self._is_new = self._is_new, False
        bottom, session = self._bottom, self._session
        idle = session.state == IDLE and session.run.started is None
        tab_chosen = bottom.current != "curves" or bottom.bar.isHidden()
        empty = self._document.path is None
        if new and idle and empty and not tab_chosen and self._has_samples_to_show():
            bottom.activate_tab("samples")

    @Slot()
    def on_run_started(self) -> None:
        """Show the curves in the place of the problems, which are solved or do not matter."""
        if self._bottom.current == "problems":
            self._bottom.activate_tab("curves")

    def _has_samples_to_show(self) -> bool:
        task = TASKS.get(self._document.project.training.task)
        return task is not None and bool(task.samplers or task.prompt or task.target == "mask")
