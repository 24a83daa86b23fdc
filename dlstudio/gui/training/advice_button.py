"""The advice beside the result of a run: to go on if the loss was still falling at the end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from dlstudio.gui.runs.next_run import NextRun
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.training.train_menu import epochs_text


class AdviceButton(QPushButton):
    """Continues the last run by one click; has no text if there is nothing to advise."""

    def __init__(self, next_run: NextRun) -> None:
        super().__init__()
        self._next_run = next_run
        self.setProperty("look", "advice")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda _checked=False: next_run.train())

    def refresh(self, history: RunHistory) -> None:
        """Show the advice on the last run, whose curves are `history`."""
        continuation = self._next_run.plan.continuation
        shown = continuation.is_falling and self._next_run.can_continue
        self.setText(f"Still falling: {continuation.epochs} more?" if shown else "")
        subset = "validation" if "validation_loss" in history.series else "training"
        tip = (
            f"The {subset} loss was still falling at the end. "
            f"Continue for {epochs_text(continuation.epochs)}."
        )
        self.setToolTip(tip if shown else "")
        self.setAccessibleDescription(self.toolTip())
