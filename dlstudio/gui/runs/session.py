"""One training run at a time: its states, and its events as typed signals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.report import Report
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.background_run import BackgroundRun
from dlstudio.gui.runs.data_baselines import DataBaselines
from dlstudio.gui.runs.run_options import blocking_problem, run_options
from dlstudio.gui.runs.run_record import RunRecord, moved_path, stored_design
from dlstudio.gui.runs.session_events import (
    IDLE,
    PAUSED,
    PAUSING,
    PREPARING,
    RUNNING,
    STOPPING,
    SessionEvents,
)
from dlstudio.gui.runs.shown_weights import ShownWeights
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.training.options.speeds import FASTEST, SPEEDS
from dlstudio.training.protocol.events import ProgressUpdate, RunOptions
from dlstudio.training.step.run_comparison import Change

if TYPE_CHECKING:
    from dlstudio.training.loop.observer import Observer
    from dlstudio.training.loop.step_observer import StepObserver
    from dlstudio.training.metrics.linear_baseline import Baseline

__all__ = [
    "IDLE",
    "PAUSED",
    "PAUSING",
    "PREPARING",
    "RUNNING",
    "STOPPING",
    "TrainingSession",
    "effective_training",
    "trained_on_other_data",
]
StartCommand = tuple[str, Mapping[str, Any]]
"""Name and arguments of a command that a run executes before its first step."""


class TrainingSession(SessionEvents):
    """Starts, controls and follows a run of the document."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        document.report_changed.connect(self._on_report_changed)
        self._background_run = BackgroundRun(self._on_event, self._on_end, self)
        self._waiting: tuple[RunOptions, Sequence[StartCommand]] | None = None
        """A start that waits for the check of the design."""
        self.observer_factories: list[Callable[[], Sequence[Observer]]] = []
        """Factories of observers, called in the window's thread when a run starts."""
        self.step_observer_factories: list[Callable[[], Sequence[StepObserver]]] = []
        """The same for observers of single steps."""
        self.live_scheduler = LiveScheduler()
        """Owns the time that live views may take from a run."""
        self.speed = FASTEST
        """Name of the speed of this and of later runs, one of `SPEEDS`."""
        self.shown_weights = ShownWeights(document, self)
        """Which weights the shown network has."""
        self.baselines = DataBaselines()
        """What linear models reach on the data that was shown on the data page."""

    @property
    def design_changed(self) -> bool:
        """Whether the design was edited since the run started."""
        if self._state == IDLE:
            return False
        return self.run.used_other_design(self._document.project)

    @property
    def linear_baseline(self) -> Baseline | None:
        """What a linear model reaches on the samples of the last run, if it is known."""
        project, path = self.run.project, self._document.path
        if project is None:
            return None
        return self.baselines.find(project.data, path.parent if path else "")

    def set_weights(self, weights: Path | None) -> None:
        """Start the next run from these weights; None for newly initialised ones."""
        self._initial_weights = str(weights) if weights else ""
        self.weights_changed.emit()

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

    @property
    def weights(self) -> Path | None:
        """File of the weights that the next run starts from, or None."""
        return Path(self._initial_weights) if self._initial_weights else None

    @property
    def has_weights(self) -> bool:
        """Whether the next run starts from weights instead of newly initialised ones."""
        return bool(self._initial_weights)

    def start_over(self, weights: Path | None, commands: Sequence[StartCommand] = ()) -> None:
        """Start a new run from these weights, or from newly initialised ones."""
        if self._state == IDLE:
            initial_weights = str(weights) if weights else ""
            self._start(replace(self._options(), initial_weights=initial_weights), commands)

    def restore_run(self, run: RunRecord) -> None:
        """Make the run of an opened design the last run."""
        if self._state == IDLE and self.run.history.is_empty:
            self.run.replace_with(run)
            self.run_restored.emit()

    def set_speed(self, name: str) -> None:
        """Set the speed of this and of later runs, one of `SPEEDS`."""
        self.speed = name
        seconds = SPEEDS[name].seconds
        self.live_scheduler.step_seconds = seconds
        if self._state != IDLE and self._waiting is None:
            self._background_run.send("pace", seconds=seconds)
        self.speed_changed.emit()

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
        self.weights_changed.emit()
        self.cancel_start()
        if self._state == IDLE:
            self._clear()
        else:
            self._reset_wanted = True
            self.stop()

    def train_more(self, epochs: int) -> None:
        """Continue the current or last run for `epochs` more epochs."""
        if self._state != IDLE:
            self.change_setting("epochs", epochs=self.run.history.epochs + epochs)
        elif self.run.folder and Path(self.run.folder).is_dir():
            self.continue_run(epochs)
        else:
            self._start(replace(self._options(), epochs=epochs))

    def continue_run(
        self, epochs: int, commands: Sequence[StartCommand] = (), changes: Sequence[Change] = ()
    ) -> None:
        """Continue the last run in a new span of `epochs` epochs.

        Args:
            epochs: Epochs after those that are completed.
            commands: Names and arguments of commands that are executed before the first step.
            changes: Changed settings that the run takes over.
        """
        options = replace(
            self._options(),
            run_dir=self.run.folder,
            resume=True,
            epochs=self.run.history.epoch + epochs,
            device=self._document.project.training.device,
            changes=tuple(changes),
        )
        self._start(options, commands)

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
            self._start(self._options(), ((command, {}),))

    def _start(self, options: RunOptions, commands: Sequence[StartCommand] = ()) -> None:
        """Start a run, once the design has been checked."""
        if not self._document.is_checked:
            self._waiting = (options, commands)
            self._set_state(PREPARING)
            self.progress.emit(ProgressUpdate("Checking the design"))
            return
        if text := blocking_problem(self._document.report):
            self._reject(text)
            return
        self.about_to_start.emit()
        is_same_run = options.resume and Path(options.run_dir) == Path(self.run.folder)
        self.run.project = self._document.project
        if options.resume and not is_same_run:
            self.run.project = stored_design(Path(options.run_dir)) or self.run.project
        if not is_same_run:
            self._clear()
        self._background_run.start(
            self.run.project,
            options,
            observers=[observer for create in self.observer_factories for observer in create()],
            step_observers=[
                observer for create in self.step_observer_factories for observer in create()
            ],
        )
        self._background_run.send("pace", seconds=SPEEDS[self.speed].seconds)
        for name, arguments in commands:
            self._background_run.send(name, **arguments)
        self._set_state(PREPARING)

    def _on_report_changed(self, _report: Report) -> None:
        if self._waiting is not None and self._document.is_checked:
            start, self._waiting = self._waiting, None
            self._state = IDLE
            self._start(*start)
            if self._state == IDLE:
                self.state_changed.emit(IDLE)

    def _on_end(self) -> None:
        if self._reset_wanted:
            self._reset_wanted = False
            self._clear()
        self._set_state(IDLE)

    def _clear(self) -> None:
        self.run.clear()
        self.history_reset.emit()


def effective_training(session: TrainingSession) -> TrainingSettings | None:
    """Return the training settings of the active run with its changes, or None."""
    if session.state in {IDLE, STOPPING}:
        return None
    return session.run.effective_training()


def trained_on_other_data(session: TrainingSession, data: DataSettings) -> bool:
    """Whether the last run has ended and used other data."""
    return session.state == IDLE and session.run.used_other_data(data)
