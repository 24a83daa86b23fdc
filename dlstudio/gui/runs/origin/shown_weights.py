"""Determines which weights the shown network has, for all places that show them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dlstudio.design.edits import EditError
from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.origin.weights_origin import (
    UNTRAINED,
    WeightsOrigin,
    failed_origin,
    live_origin,
    stored_text,
)
from dlstudio.gui.runs.session_events import IDLE, SessionEvents
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.protocol.events import EpochDone
from dlstudio.training.step.run_changes import keep_changes
from dlstudio.training.step.run_comparison import NetworkFingerprints
from dlstudio.training.storage.weights_record import read_weights_record

if TYPE_CHECKING:
    from dlstudio.gui.runs.session import TrainingSession

_EDIT_MILLISECONDS = 150
"""Edits are compared after a rest, since fingerprints of large networks take a while."""


class ShownWeights(QObject):
    """Follows document and session.

    Signals:
        changed: The shown network has other weights; carries the `WeightsOrigin`.
    """

    changed = Signal(object)

    def __init__(self, document: Document, session: TrainingSession) -> None:
        super().__init__(session)
        self._document = document
        self._session = session
        self._fingerprints = NetworkFingerprints()
        self._loaded_for: Project | None = None
        """The design when the weights were loaded; None if they come from a run."""
        self._known_text: tuple[Path, str] | None = None
        self._epoch_step = 0
        """Completed steps at the end of the last completed epoch."""
        self._emitted = UNTRAINED
        self._edit_timer = QTimer(self)
        self._edit_timer.setSingleShot(True)
        self._edit_timer.setInterval(_EDIT_MILLISECONDS)
        self._edit_timer.timeout.connect(self._emit_if_changed)
        document.project_changed.connect(self._on_edit)
        document.reset.connect(self._emit_if_changed)
        session.weights_changed.connect(self._on_weights_changed)
        session.started.connect(self._on_run_weights)
        session.finished.connect(self._on_run_weights)
        session.epoch_done.connect(self._on_epoch)
        _connect_all(session, self._emit_if_changed)

    @property
    def origin(self) -> WeightsOrigin:
        """Which weights the shown network has now."""
        session, run = self._session, self._session.run
        weights, history = session.weights, run.history
        if self.is_live:
            return live_origin(max(history.epoch, 1))
        if run.state == "failed" and history.step and self._loaded_for is None:
            return WeightsOrigin(failed_origin(max(history.epoch, 1)).state, self._is_outdated())
        if weights is None:
            return UNTRAINED
        return WeightsOrigin(self._stored_text(weights), self._is_outdated())

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

    def _stored_text(self, weights: Path) -> str:
        if self._known_text is None or self._known_text[0] != weights:
            self._known_text = weights, stored_text(read_weights_record(weights), weights.name)
        return self._known_text[1]

    def _is_outdated(self) -> bool:
        """Whether the design has another network than the one that the weights belong to."""
        run, shown = self._session.run, self._document.project
        trained = self._loaded_for or run.project
        if trained is None or (trained.graph is shown.graph and trained.blocks is shown.blocks):
            return False
        own = self._fingerprints.of(shown)
        if own == self._fingerprints.of(trained):
            return False
        with contextlib.suppress(EditError):
            return own != self._fingerprints.of(keep_changes(trained, run.changes))
        return True

    @Slot()
    def _on_weights_changed(self) -> None:
        self._known_text = None
        self._loaded_for = self._document.project if self._session.weights is not None else None
        self._emit_if_changed()

    @Slot()
    def _on_edit(self) -> None:
        self._edit_timer.start()

    @Slot(object)
    def _on_epoch(self, event: EpochDone) -> None:
        self._epoch_step = event.step

    @Slot()
    def _on_run_weights(self) -> None:
        self._epoch_step = self._session.run.history.step
        self._known_text = self._loaded_for = None
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
