"""Executes commands between two steps: pause, resume, single steps, stop, changes, speed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dlstudio.training.loop.observers import ObserverDispatcher
from dlstudio.training.loop.pacing import StepTimer
from dlstudio.training.loop.run_recorder import RunRecorder
from dlstudio.training.protocol.control import Command, Control
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import ChangeRejected, Event, Paused, Resumed, SettingChanged
from dlstudio.training.step.plan import RunPosition
from dlstudio.training.step.run_changes import apply_change

_OBSERVE_INTERVAL = 0.1
"""Seconds between two calls of the observers while the run waits."""


class CommandHandler:
    """Receives and executes the commands to a run.

    Attributes:
        stop_requested: Whether `stop` was received.
        paused: Whether the run is paused.
        stepping: `step` or `epoch` if the run pauses after it; else empty.
    """

    def __init__(self, control: Control | None, recorder: RunRecorder) -> None:
        """Receive commands from `control`; None receives none."""
        self._control = control
        self._recorder = recorder
        self._timer = StepTimer()
        self.stop_requested = False
        self.paused = False
        self.stepping = ""

    @property
    def has_operator(self) -> bool:
        """Whether a user can end a pause."""
        return self._control is not None and self._control.has_operator

    def process_commands(self, observers: ObserverDispatcher) -> Iterator[Event]:
        """Execute the commands since the last step; wait for the end of a pause, or for the speed.

        The time spent waiting is not training time.
        """
        if self._control is None:
            return
        command = self._control.receive()
        while not self.stop_requested and (command is not None or self._wait_seconds > 0):
            if command is not None:
                yield from self._execute(command)
                if self.stepping and command.name != "pace":
                    break
            else:
                yield from observers.run_observers(self._recorder.trainer)
            if wait_seconds := self._wait_seconds:
                command = self._control.receive(wait_seconds)
                self._recorder.trainer.clock.lap()
            else:
                command = self._control.receive()
        self._timer.start_step()

    def after_step(self) -> Iterator[Event]:
        """Pause after a single step or epoch; report a step before waiting for the next one.

        A run that has ended does neither.
        """
        trainer = self._recorder.trainer
        if trainer.state.ended:
            return
        epoch_over = trainer.state.index == 0
        if self.stepping == "step" or (self.stepping == "epoch" and epoch_over):
            yield from self.pause()
        elif self._timer.seconds_left > 0:
            yield from self._recorder.flush_events(wait=True)

    def pause(self, reason: str = "", node: str = "") -> Iterator[Event]:
        """Flush all events, write a checkpoint and pause."""
        recorder, trainer = self._recorder, self._recorder.trainer
        yield from recorder.flush_events(wait=True)
        recorder.capture_state()
        recorder.write_checkpoint("paused")
        self.paused, self.stepping = True, ""
        yield Paused(trainer.state.step, trainer.current_epoch, reason, node)

    def apply_change(self, name: str, arguments: Mapping[str, Any]) -> Iterator[Event]:
        """Apply a change from the next step on, or report why it is rejected."""
        trainer = self._recorder.trainer
        position = RunPosition(trainer.state.epoch, trainer.state.index)
        try:
            plan, text = apply_change(trainer.plan, name, arguments, position)
        except TrainingError as error:
            yield ChangeRejected(trainer.state.step + 1, name, str(error))
            return
        yield from self._recorder.flush_events(wait=True)
        trainer.apply_plan(plan)
        event = SettingChanged(trainer.state.step + 1, name, dict(arguments), text)
        self._recorder.record_change(event)
        yield event

    @property
    def _wait_seconds(self) -> float:
        """Seconds to wait for a command now; 0 if the next step is due."""
        if self.paused:
            return _OBSERVE_INTERVAL
        return min(self._timer.seconds_left, _OBSERVE_INTERVAL)

    def _execute(self, command: Command) -> Iterator[Event]:
        match command.name:
            case "pause" if not self.paused:
                yield from self.pause()
            case "resume" if self.paused:
                self.paused = False
                yield Resumed(self._recorder.trainer.state.step)
            case "step" | "step-epoch":
                self.stepping = "step" if command.name == "step" else "epoch"
                if self.paused and self.stepping == "epoch":
                    yield Resumed(self._recorder.trainer.state.step)
                self.paused = False
            case "stop":
                self.stop_requested = True
            case "pace":
                self._timer.interval = float(command.arguments["seconds"])
            case "checkpoint":
                yield from self._recorder.flush_events(wait=True)
                self._recorder.capture_state()
                self._recorder.write_checkpoint("paused" if self.paused else "running")
            case "change":
                arguments = dict(command.arguments)
                yield from self.apply_change(arguments.pop("change", ""), arguments)
