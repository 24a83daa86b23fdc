"""One training run at a time: its states, and its events as typed signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.report import Report
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.background_run import BackgroundRun
from dlstudio.gui.runs.run_options import blocking_problem, run_options
from dlstudio.gui.runs.run_record import RunRecord, moved_path
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.training.protocol.events import (
    ChangeRejected,
    EpochDone,
    Event,
    Failed,
    Finished,
    Paused,
    ProgressUpdate,
    Resumed,
    RunOptions,
    SettingChanged,
    Snapshot,
    Started,
    StepsDone,
)

if TYPE_CHECKING:
    from dlstudio.training.loop.observer import Observer
    from dlstudio.training.loop.step_observer import StepObserver

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
    run_moved = Signal()
    """The folder of the run has another path."""
    rejected = Signal(str)
    """Why a run could not start, or a change could not be made."""


class TrainingSession(SessionSignals):
    """Starts, controls and follows a run of the document."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        document.report_changed.connect(self._on_report_changed)
        self._background_run = BackgroundRun(self._on_event, self._on_end, self)
        self._state = IDLE
        self._initial_weights = ""
        self._reset_wanted = False
        self._waiting: tuple[RunOptions, Sequence[str]] | None = None
        """A start that waits for the check of the design."""
        self.run = RunRecord()
        """The current or last run."""
        self.observer_factories: list[Callable[[], Sequence[Observer]]] = []
        """Factories of observers, called in the window's thread when a run starts."""
        self.step_observer_factories: list[Callable[[], Sequence[StepObserver]]] = []
        """The same for observers of single steps."""
        self.live_scheduler = LiveScheduler()
        """Owns the time that live views may take from a run."""
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

    @property
    def design_changed(self) -> bool:
        """Whether the design was edited since the run started."""
        if self._state == IDLE:
            return False
        return self.run.used_other_design(self._document.project)

    def set_weights(self, weights: Path | None) -> None:
        """Start the next run from these weights; None for newly initialised ones."""
        self._initial_weights = str(weights) if weights else ""

    def update_run_dir(self, old: Path, new: Path) -> None:
        """Update the paths of run and weights after the run folder was moved."""
        self.run.folder = moved_path(self.run.folder, old, new)
        self._initial_weights = moved_path(self._initial_weights, old, new)
        self.run_moved.emit()

    def train(self) -> None:
        """Start a run, or resume a paused one."""
        if self._state == PAUSED:
            self.resume()
        elif self._state == IDLE:
            self._start(self._options())

    def pause(self) -> None:
        """Pause the run after the current step."""
        if self._state in {PREPARING, RUNNING} and self._waiting is None:
            self._background_run.send("pause")
            self._set_state(PAUSING)

    def resume(self) -> None:
        if self._state == PAUSED:
            self._background_run.send("resume")
            self._set_state(RUNNING)

    def step(self) -> None:
        """Train one step, then pause; starts a run if there is none."""
        self._advance("step")

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause; starts a run if there is none."""
        self._advance("step-epoch")

    def stop(self) -> None:
        """Stop the run and keep its weights."""
        self.cancel_start()
        if self._state not in {IDLE, STOPPING}:
            self._background_run.send("stop")
            self._set_state(STOPPING)

    def cancel_start(self) -> None:
        """Cancel a start that waits for the check of the design."""
        if self._waiting is not None:
            self._waiting = None
            self._set_state(IDLE)

    def reset(self) -> None:
        """Stop the run and reset to the initial weights and empty curves."""
        self._initial_weights = ""
        self.cancel_start()
        if self._state == IDLE:
            self._clear()
        else:
            self._reset_wanted = True
            self.stop()

    def train_more(self, epochs: int) -> None:
        """Continue the current or last run for `epochs` more epochs."""
        total = self.run.history.epochs + epochs
        if self._state != IDLE:
            self.change_setting("epochs", epochs=total)
        elif self.run.folder and Path(self.run.folder).is_dir():
            options = replace(self._options(), run_dir=self.run.folder, resume=True, epochs=total)
            self._start(options)
        else:
            self._start(replace(self._options(), epochs=epochs))

    def resume_run(self, run_dir: Path) -> None:
        """Resume an unfinished run from its last checkpoint."""
        if self._state == IDLE:
            self._start(replace(self._options(), run_dir=str(run_dir), resume=True))

    def change_setting(self, name: str, **arguments: Any) -> None:
        """Change a setting of the active run; the run records it, the design stays as it is."""
        if self._state != IDLE and self._waiting is None:
            self._background_run.send("change", change=name, **arguments)

    def wait(self, seconds: float) -> bool:
        """Wait for the run's thread, emit its last events, and return whether it has ended."""
        return self._background_run.wait(seconds)

    def _options(self) -> RunOptions:
        return run_options(self._document, self._initial_weights)

    def _advance(self, command: str) -> None:
        if self._state == PAUSED:
            self._background_run.send(command)
            self._set_state(PAUSING)
        elif self._state == IDLE:
            self._start(self._options(), initial_commands=(command,))

    def _start(self, options: RunOptions, initial_commands: Sequence[str] = ()) -> None:
        """Start a run, once the design has been checked."""
        if not self._document.is_checked:
            self._waiting = (options, initial_commands)
            self._set_state(PREPARING)
            self.progress.emit(ProgressUpdate("Checking the design"))
            return
        if text := blocking_problem(self._document.report):
            self._reject(text)
            return
        self.about_to_start.emit()
        self.run.project = self._document.project
        if not options.resume or Path(options.run_dir) != Path(self.run.folder):
            self._clear()
        self._background_run.start(
            self.run.project,
            options,
            observers=[observer for create in self.observer_factories for observer in create()],
            step_observers=[
                observer for create in self.step_observer_factories for observer in create()
            ],
        )
        for command in initial_commands:
            self._background_run.send(command)
        self._set_state(PREPARING)

    def _on_report_changed(self, _report: Report) -> None:
        if self._waiting is not None and self._document.is_checked:
            start, self._waiting = self._waiting, None
            self._state = IDLE
            self._start(*start)
            if self._state == IDLE:
                self.state_changed.emit(IDLE)

    def _reject(self, text: str) -> None:
        self.rejected.emit(text)
        self._document.message.emit(text)

    def _on_event(self, event: Event) -> None:
        self._handlers[type(event)](event)

    def _on_end(self) -> None:
        if self._reset_wanted:
            self._reset_wanted = False
            self._clear()
        self._set_state(IDLE)

    def _clear(self) -> None:
        self.run.clear()
        self.history_reset.emit()

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

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
        self.run.finished = event
        if event.weights_file and not self._reset_wanted:
            self._initial_weights = event.weights_file
        self.finished.emit(event)

    def _on_failed(self, event: Failed) -> None:
        self.failed.emit(event)
        self._document.message.emit(event.text)


def effective_training(session: TrainingSession) -> TrainingSettings | None:
    """Return the training settings of the active run with its changes, or None."""
    if session.state in {IDLE, STOPPING}:
        return None
    return session.run.effective_training()


def trained_on_other_data(session: TrainingSession, data: DataSettings) -> bool:
    """Whether the last run has ended and used other data."""
    return session.state == IDLE and session.run.used_other_data(data)
