"""What the Train button shows, and the menu of its arrow: continue, start over, speed."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dlstudio.gui.actions.action_table import ACTIONS_BY_ID, action_title
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.next_run import NextAction, NextRun
from dlstudio.gui.runs.session import IDLE, PAUSED, TrainingSession
from dlstudio.gui.training.optimiser_menu import fill_radio_menu
from dlstudio.training.metrics.trend import rounded_epochs
from dlstudio.training.options.speeds import SPEEDS
from dlstudio.training.specs.automatic import training_of

_TITLES = {
    NextAction.TRAIN: "Train",
    NextAction.RESUME: "Continue",
    NextAction.TRAIN_ON: "Continue",
    NextAction.START_OVER: action_title("start-over"),
}


def train_title(next_run: NextRun) -> str:
    """Return the text of the Train button."""
    plan = next_run.plan
    if plan.action is NextAction.CONTINUE:
        return f"Continue +{plan.continuation.epochs}"
    return _TITLES[plan.action]


def train_label(next_run: NextRun) -> tuple[str, str]:
    """Return the text of the menu entry of Train, and its tip."""
    plan, entry = next_run.plan, ACTIONS_BY_ID["train"]
    match plan.action:
        case NextAction.CONTINUE:
            epochs = epochs_text(plan.continuation.epochs)
            return f"{entry.text}: continue for {epochs}", f"Continue the last run for {epochs}."
        case NextAction.START_OVER:
            reason = plan.continuation.obstacle
            return f"{entry.text}: start over", f"Start a new run, because {reason}."
        case NextAction.TRAIN_ON:
            tip = "Train on from the design's weights, in a new run."
            return f"{entry.text}: continue", tip
        case NextAction.RESUME:
            return f"{entry.text}: continue", "Resume the run after the pause."
    name = next_run.weights_name
    return entry.text, f"Train from the weights of {name}." if name else entry.tip


def epochs_text(epochs: int) -> str:
    """Return a number of further epochs in words."""
    return f"{epochs} more epoch{'' if epochs == 1 else 's'}"


class TrainMenu:
    """Fills the menu of the Train button's arrow."""

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        next_run: NextRun,
        actions: dict[str, QAction],
    ) -> None:
        """`actions` are those of the window that belong to Train."""
        self._document = document
        self._session = session
        self._next_run = next_run
        self._actions = actions

    def fill(self, menu: QMenu) -> None:
        """Add what Train can do now, and the speeds."""
        if self._session.state == IDLE:
            self._add_starts(menu)
        elif self._session.state == PAUSED:
            menu.addAction(self._actions["train"])
        menu.addSeparator()
        self.fill_speeds(menu.addMenu("Speed"))

    def fill_speeds(self, menu: QMenu) -> None:
        """Add the speeds, with the current one checked."""
        titles = {name: speed.title for name, speed in SPEEDS.items()}
        fill_radio_menu(menu, titles, self._session.speed, self._session.set_speed)

    def _add_starts(self, menu: QMenu) -> None:
        plan = self._next_run.plan
        menu.addAction(self._actions["train"])
        if plan.action is NextAction.CONTINUE:
            for epochs in self._other_numbers(plan.continuation.epochs):
                entry = menu.addAction(f"Continue for {epochs_text(epochs)}")
                entry.setEnabled(self._next_run.can_continue)
                entry.triggered.connect(partial(self._continue_for, epochs))
            menu.addAction(self._actions["continue"])
        elif plan.action is NextAction.START_OVER:
            refused = menu.addAction(f"Cannot continue: {plan.continuation.obstacle}")
            refused.setEnabled(False)
            self._add_choices(menu)
        if plan.action in {NextAction.CONTINUE, NextAction.TRAIN_ON}:
            menu.addSeparator()
            menu.addAction(self._actions["start-over"])

    def _add_choices(self, menu: QMenu) -> None:
        """Add what can be done if the last run cannot take over the open design."""
        next_run = self._next_run
        if next_run.has_other_design:
            fitting = menu.addAction("Start over with the &weights that fit")
            fitting.setEnabled(next_run.can_keep_fitting_weights)
            fitting.triggered.connect(lambda _checked=False: next_run.keep_fitting_weights())
            own = menu.addAction("&Go on with the run's own design")
            own.triggered.connect(lambda _checked=False: next_run.go_on_with_own_design())

    def _other_numbers(self, suggested: int) -> list[int]:
        """Return further numbers to choose from: one, half as many as planned, and as many."""
        planned = training_of(self._document.project).epochs or 1
        return sorted({1, rounded_epochs(planned / 2), planned} - {suggested})

    def _continue_for(self, epochs: int, _checked: bool = False) -> None:
        self._next_run.continue_for(epochs)
