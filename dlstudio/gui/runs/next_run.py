"""What Train does next: start, resume, continue or start over. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.continuation import (
    NO_RUN,
    Continuation,
    continuation_of,
)
from dlstudio.gui.runs.run_options import may_start
from dlstudio.gui.runs.session import IDLE, PAUSED, StartCommand, TrainingSession
from dlstudio.training.protocol.events import FITTING_WEIGHTS, Started
from dlstudio.training.step.run_comparison import NetworkFingerprints, own_design
from dlstudio.training.storage.runs import WEIGHTS


class NextAction(StrEnum):
    """What Train does."""

    TRAIN = "train"
    RESUME = "resume"
    CONTINUE = "continue"
    TRAIN_ON = "weights"
    """A new run from the design's weights, whose own run is not known."""
    START_OVER = "new"


@dataclass(frozen=True, slots=True)
class Plan:
    """What Train does next, and whether the last run can be continued."""

    action: NextAction
    continuation: Continuation = NO_RUN


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a plan depends on: objects that never change, and values."""

    objects: tuple[object, ...]
    values: tuple[object, ...]

    def equals(self, other: _Basis) -> bool:
        """Whether both hold the same objects and equal values."""
        same = all(one is two for one, two in zip(self.objects, other.objects, strict=True))
        return same and self.values == other.values


class RunReader(Protocol):
    """Reads the run of an opened design."""

    loaded: SignalInstance

    @property
    def is_busy(self) -> bool:
        """Whether the run is being read."""
        ...


class NextRun(QObject):
    """Decides what Train does, from the design, its weights and the last run.

    A run that is continued keeps its folder and gets a new span; starting over creates a new run
    and leaves the last one as it is.

    Signals:
        changed: Train may do something else from now on.
    """

    changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._imported: Path | None = None
        self._has_other_weights = False
        """Whether weights were loaded after the last run."""
        self._reader: RunReader | None = None
        self._is_waiting = False
        self._keeps_fitting = False
        """Whether the run that starts takes the weights that fit from the last one."""
        self._known: tuple[_Basis, Plan] | None = None
        self._fingerprints = NetworkFingerprints()
        session.started.connect(self._on_own_weights)
        session.started.connect(self._on_started)
        session.failed.connect(self._on_failed)
        session.run_restored.connect(self._on_own_weights)
        for signal in (session.state_changed, session.history_reset, document.reset,
                       document.project_changed, document.report_changed):  # fmt: skip
            signal.connect(self._emit_changed)

    def wait_for(self, reader: RunReader) -> None:
        """Let Train wait until `reader` has read the run of an opened design."""
        self._reader = reader
        reader.loaded.connect(self._on_loaded)

    def use_weights(self, weights: Path | None, *, imported: bool = False) -> None:
        """Take note of weights that do not come from the last run."""
        self._imported = weights if imported else None
        self._has_other_weights = weights is not None
        self._is_waiting = False
        self._emit_changed()

    @property
    def plan(self) -> Plan:
        """What Train does next."""
        basis = self._basis()
        if self._known is None or not self._known[0].equals(basis):
            self._known = basis, self._make_plan()
        return self._known[1]

    @property
    def can_start_over(self) -> bool:
        """Whether there is anything that a new run would start anew."""
        idle = self._session.state == IDLE and may_start(self._document)
        return idle and self.plan.action not in {NextAction.TRAIN, NextAction.RESUME}

    @property
    def can_continue(self) -> bool:
        """Whether the last run can be continued."""
        idle = self._session.state == IDLE and may_start(self._document)
        return idle and not self.plan.continuation.obstacle

    @property
    def weights_name(self) -> str:
        """Name of the file of imported weights that a new run starts from, or empty."""
        return self._imported.name if self._imported is not None else ""

    @property
    def imported_weights(self) -> Path | None:
        """File of imported weights that a new run starts from, or None."""
        return self._imported

    def train(self) -> None:
        """Do what is next."""
        has_run = self._document.project.weights is not None
        reader = self._reader if has_run and self._session.state == IDLE else None
        if reader is not None and reader.is_busy:
            self._is_waiting = True
        else:
            self._advance()

    def step(self) -> None:
        """Train one step of the next or the paused run, then pause."""
        self._advance("step")

    def step_epoch(self) -> None:
        """Train to the end of the epoch of the next or the paused run, then pause."""
        self._advance("step-epoch")

    def continue_for(self, epochs: int) -> None:
        """Continue the last run for so many epochs."""
        if self.can_continue:
            self._continue(epochs)

    def start_over(self) -> None:
        """Start a new run from imported weights, or from newly initialised ones."""
        if self._session.state != IDLE:
            return
        if self.can_continue and not self.plan.continuation.changes:
            seed = self._document.project.training.seed
            self._document.message.emit(
                f"A new run with the same settings and seed ({seed}): its curves are the same"
            )
        self._session.start_over(self._imported)

    @property
    def has_other_design(self) -> bool:
        """Whether the last run cannot take over the open design, so that there is a choice."""
        return self._session.state == IDLE and bool(self.plan.continuation.choices)

    @property
    def can_keep_fitting_weights(self) -> bool:
        """Whether a new run can start from those weights of the last one that fit."""
        may = self.has_other_design and may_start(self._document)
        return may and self._run_weights.is_file()

    def keep_fitting_weights(self) -> None:
        """Start a new run with the weights of all layers that fit, and show how many do."""
        if self.can_keep_fitting_weights:
            self._keeps_fitting = True
            self._session.start_over(self._run_weights)

    def go_on_with_own_design(self) -> None:
        """Show the design of the last run again, as one undoable step, and continue with it."""
        run = self._session.run
        if not self.has_other_design or run.project is None:
            return
        own = own_design(run.project, run.changes)
        self._document.try_edit(
            lambda project: replace(
                own,
                title=project.title,
                about=project.about,
                weights=project.weights,
                used_ids=project.used_ids,
            ),
            "Go back to the run's design",
        )
        if not self.plan.continuation.obstacle:
            self._continue(self.plan.continuation.epochs)

    @property
    def _run_weights(self) -> Path:
        """File of the last weights of the last run."""
        return Path(self._session.run.folder) / WEIGHTS

    def _advance(self, command: str = "") -> None:
        session, plan = self._session, self.plan
        commands: tuple[StartCommand, ...] = ((command, {}),) if command else ()
        if session.state == PAUSED:
            {"": session.resume, "step": session.step, "step-epoch": session.step_epoch}[command]()
        elif session.state != IDLE:
            return
        elif plan.action is NextAction.CONTINUE:
            self._continue(plan.continuation.epochs, commands)
        elif plan.action is NextAction.START_OVER:
            session.start_over(self._imported, commands)
        else:
            {"": session.train, "step": session.step, "step-epoch": session.step_epoch}[command]()

    def _continue(self, epochs: int, commands: Sequence[StartCommand] = ()) -> None:
        self._session.continue_run(epochs, commands, self.plan.continuation.changes)

    def _make_plan(self) -> Plan:
        session = self._session
        if session.state != IDLE:
            return Plan(NextAction.RESUME if session.state == PAUSED else NextAction.TRAIN)
        run = session.run
        if run.history.step and run.folder and not self._has_other_weights:
            continuation = continuation_of(run, self._document.project, self._fingerprints)
            can_continue = not continuation.obstacle
            action = NextAction.CONTINUE if can_continue else NextAction.START_OVER
            return Plan(action, continuation)
        if session.has_weights and self._imported is None:
            return Plan(NextAction.TRAIN_ON)
        return Plan(NextAction.TRAIN)

    def _basis(self) -> _Basis:
        """Return what the plan depends on."""
        session, project, run = self._session, self._document.project, self._session.run
        return _Basis(
            (project.graph, project.blocks, project.data, project.training,
             run.project, run.changes),
            (session.state, run.folder, run.state, run.history.version, self._has_other_weights,
             session.has_weights, self._imported),
        )  # fmt: skip

    @Slot(object)
    def _on_started(self, event: Started) -> None:
        if self._keeps_fitting:
            text = next((text for text in event.warnings if text.startswith(FITTING_WEIGHTS)), "")
            self._document.message.emit(text or "The weights of all layers fit and were kept")
        self._keeps_fitting = False

    @Slot()
    def _on_own_weights(self) -> None:
        self._has_other_weights = False
        self._emit_changed()

    @Slot()
    def _on_loaded(self) -> None:
        is_waiting, self._is_waiting = self._is_waiting, False
        if is_waiting:
            self._advance()

    @Slot()
    def _on_failed(self) -> None:
        self._keeps_fitting = False

    @Slot()
    def _emit_changed(self) -> None:
        self.changed.emit()
