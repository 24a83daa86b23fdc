"""The states and signals of a session, and what it does with the events of its run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.training.protocol.events import (
    ChangeRejected,
    EpochDone,
    Event,
    Failed,
    Finished,
    Paused,
    ProgressUpdate,
    Resumed,
    SettingChanged,
    Snapshot,
    Started,
    StepsDone,
)

IDLE, PREPARING, RUNNING, PAUSING, PAUSED, STOPPING = (
    "idle", "preparing", "running", "pausing", "paused", "stopping",
)  # fmt: skip


class SessionSignals(QObject):
    """The signals of a session; most carry the run's event."""

    state_changed = Signal(str)
    about_to_start = Signal()
    """Last chance to save before the run starts."""
    started = Signal(object)
    steps_done = Signal(object)
    epoch_done = Signal(object)
    snapshot = Signal(object)
    setting_changed = Signal(object)
    paused = Signal(object)
    resumed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    progress = Signal(object)
    history_reset = Signal()
    run_restored = Signal()
    """The run of an opened design was read, and is now the last run."""
    weights_changed = Signal()
    """The next run starts from other weights."""
    speed_changed = Signal()
    run_moved = Signal()
    """The folder of the run has another path."""
    rejected = Signal(str)
    """Why a run could not start, or a change could not be made."""


class SessionEvents(SessionSignals):
    """Follows a run of the document: records its events, and emits them as signals."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._state = IDLE
        self._initial_weights = ""
        self._reset_wanted = False
        self.run = RunRecord()
        """The current or last run."""
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            Started: self._on_started,
            StepsDone: self._on_steps,
            EpochDone: self._on_epoch,
            Snapshot: self.snapshot.emit,
            SettingChanged: self._on_changed,
            ChangeRejected: lambda event: self._reject(event.text),
            Paused: self._on_paused,
            Resumed: self._on_resumed,
            Finished: self._on_finished,
            Failed: self._on_failed,
            ProgressUpdate: self.progress.emit,
        }

    @property
    def state(self) -> str:
        """`idle`, `preparing`, `running`, `pausing`, `paused` or `stopping`."""
        return self._state

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _reject(self, text: str) -> None:
        self.rejected.emit(text)
        self._document.message.emit(text)

    def _on_event(self, event: Event) -> None:
        self._handlers[type(event)](event)

    def _on_started(self, event: Started) -> None:
        self.run.record_start(event)
        if self._state == PREPARING:
            self._set_state(RUNNING)
        self.started.emit(event)

    def _on_steps(self, event: StepsDone) -> None:
        self.run.history.record_steps(event)
        self.steps_done.emit(event)

    def _on_epoch(self, event: EpochDone) -> None:
        self.run.history.record_epoch(event)
        self.epoch_done.emit(event)

    def _on_changed(self, event: SettingChanged) -> None:
        self.run.record_change(event)
        self.setting_changed.emit(event)

    def _on_paused(self, event: Paused) -> None:
        self._set_state(PAUSED)
        self.paused.emit(event)
        if event.reason:
            self._document.message.emit(event.reason)

    def _on_resumed(self, event: Resumed) -> None:
        if self._state == PAUSED:
            self._set_state(RUNNING)
        self.resumed.emit(event)

    def _on_finished(self, event: Finished) -> None:
        self.run.record_end(event)
        if event.weights_file and not self._reset_wanted:
            self._initial_weights = event.weights_file
            self.weights_changed.emit()
        self.finished.emit(event)

    def _on_failed(self, event: Failed) -> None:
        self.run.state = "failed"
        self.failed.emit(event)
        self._document.message.emit(event.text)
