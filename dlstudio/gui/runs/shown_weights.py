"""Determines which weights the shown network has, for all places that show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session_events import IDLE, SessionEvents
from dlstudio.gui.runs.weights_fit import weights_fit
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.protocol.events import EpochDone
from dlstudio.training.storage.weights_record import WeightsRecord, read_weights_record

if TYPE_CHECKING:
    from dlstudio.gui.runs.session import TrainingSession


@dataclass(frozen=True, slots=True)
class ShownOrigin:
    """Which weights the shown network has.

    Attributes:
        state: `untrained`, `epoch 12 (best validation loss)`, `training, epoch 5`, `loaded from …`.
        is_outdated: Whether the design's network was changed since; its views show the old one.
    """

    state: str
    is_outdated: bool = False

    @property
    def text(self) -> str:
        """The weights of the design."""
        return "untrained: the network has changed since" if self.is_outdated else self.state

    @property
    def result_text(self) -> str:
        """The weights with which results were computed, which views show."""
        return f"{self.state}, before the network changed" if self.is_outdated else self.state


UNTRAINED = ShownOrigin("untrained")


def live_origin(epoch: int) -> ShownOrigin:
    """Return the origin during an epoch of an active run."""
    return ShownOrigin(f"training, epoch {epoch}")


def failed_origin(epoch: int) -> ShownOrigin:
    """Return the origin after a run that failed during an epoch."""
    return ShownOrigin(f"epoch {epoch} (the run failed)")


def stored_text(record: WeightsRecord | None, name: str) -> str:
    """Return the origin of the weights in a file of this name as text."""
    if record is None or record.imported_from:
        return f"loaded from {record.imported_from if record else name}"
    if record.best_of:
        return f"epoch {record.epoch} (best {metric_title(record.best_of)})"
    if record.step_in_epoch:
        return f"stopped in epoch {record.epoch + 1}"
    return f"epoch {record.epoch} (last)"


class ShownWeights(QObject):
    """Follows document and session.

    Signals:
        changed: The shown network has other weights; carries the `ShownOrigin`.
    """

    changed = Signal(object)

    def __init__(self, document: Document, session: TrainingSession) -> None:
        super().__init__(session)
        self._document = document
        self._session = session
        self._was_outdated = False
        self._loaded_for: Project | None = None
        """The design when the weights were loaded; None if they come from a run."""
        self._known: tuple[Path, WeightsRecord | None] | None = None
        self._epoch_step = 0
        """Completed steps at the end of the last completed epoch."""
        self._emitted = UNTRAINED
        for signal in (document.project_changed, document.report_changed):
            signal.connect(self._emit_if_changed)
        document.reset.connect(self._emit_if_changed)
        session.weights_changed.connect(self._on_weights_changed)
        session.started.connect(self._on_run_weights)
        session.finished.connect(self._on_run_weights)
        session.epoch_done.connect(self._on_epoch)
        _connect_all(session, self._emit_if_changed)

    @property
    def origin(self) -> ShownOrigin:
        """Which weights the shown network has now."""
        session, run = self._session, self._session.run
        weights, history = session.weights, run.history
        if self.is_live:
            return live_origin(max(history.epoch, 1))
        if run.state == "failed" and history.step and self._loaded_for is None:
            return failed_origin(max(history.epoch, 1))
        if weights is None:
            return UNTRAINED
        record = self._record_of(weights)
        return ShownOrigin(stored_text(record, weights.name), self._is_outdated(weights, record))

    def result_text(self, step: int) -> str:
        """Return which weights a result after `step` steps of the run is of; for any thread."""
        text, history = self._emitted.result_text, self._session.run.history
        if self.is_live:
            number = format_integer(step)
            if step < self._epoch_step:
                return f"training, step {number}"
            return f"{text} · step {number}"
        if self._loaded_for is None and 0 < step < history.step:
            return f"step {format_integer(step)} of {format_integer(history.step)}"
        return text

    @property
    def is_live(self) -> bool:
        """Whether a run changes the weights."""
        run = self._session.run
        return self._session.state != IDLE and run.started is not None and run.finished is None

    def _record_of(self, weights: Path) -> WeightsRecord | None:
        if self._known is None or self._known[0] != weights:
            self._known = weights, read_weights_record(weights)
        return self._known[1]

    def _is_outdated(self, weights: Path, record: WeightsRecord | None) -> bool:
        """Whether the design has another network than the one that the weights belong to.

        Imported weights may fit in part. The answer stays until an edit has been checked.
        """
        document, shown = self._document, self._document.project
        trained = self._loaded_for or self._session.run.project
        if record is not None and record.imported_from:
            return False
        if trained is None or (trained.graph is shown.graph and trained.blocks is shown.blocks):
            self._was_outdated = False
        elif document.is_checked:
            self._was_outdated = not weights_fit(weights, shown, document.report)
        return self._was_outdated

    @Slot()
    def _on_weights_changed(self) -> None:
        self._known, self._was_outdated = None, False
        self._loaded_for = self._document.project if self._session.weights is not None else None
        self._emit_if_changed()

    @Slot(object)
    def _on_epoch(self, event: EpochDone) -> None:
        self._epoch_step = event.step

    @Slot()
    def _on_run_weights(self) -> None:
        self._epoch_step = self._session.run.history.step
        self._known = self._loaded_for = None
        self._was_outdated = False
        self._emit_if_changed()

    @Slot()
    def _emit_if_changed(self) -> None:
        origin = self.origin
        if origin != self._emitted:
            self._emitted = origin
            self.changed.emit(origin)


def _connect_all(session: SessionEvents, slot: Callable[[], None]) -> None:
    for signal in (session.steps_done, session.epoch_done, session.failed,
                   session.state_changed, session.history_reset, session.run_restored,
                   session.run_moved):  # fmt: skip
        signal.connect(slot)
