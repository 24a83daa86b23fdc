"""Takes commands between two steps: pause, go on, single steps, stop, changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dlstudio.training.control import Command, Control
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import Changed, Event, Paused, Refused, Resumed
from dlstudio.training.journal import Journal
from dlstudio.training.plan import Position, changed
from dlstudio.training.watch import Watch

_LOOK_EVERY = 0.1
"""Seconds between two looks at what observers want while the run is paused."""


class Desk:
    """Where commands to a run arrive.

    Attributes:
        stopped: Whether the run was asked to stop.
        paused: Whether it waits.
        stepping: `step` or `epoch` where it pauses by itself after that.
    """

    def __init__(self, control: Control | None, journal: Journal) -> None:
        """Listen to `control`; None leaves the run to itself."""
        self._control = control
        self._journal = journal
        self.stopped = False
        self.paused = False
        self.stepping = ""

    @property
    def attended(self) -> bool:
        """Whether somebody answers a pause."""
        return self._control is not None and self._control.attended

    def attend(self, watch: Watch) -> Iterator[Event]:
        """Obey what was asked since the last step; in a pause, wait until it is over."""
        if self._control is None:
            return
        command = self._control.take()
        while not self.stopped and (command is not None or self.paused):
            if command is not None:
                yield from self._obey(command)
                if self.stepping:
                    return
            else:
                yield from watch.look(self._journal.run)
            if self.paused:
                command = self._control.take(_LOOK_EVERY)
                self._journal.run.clock.lap()
            else:
                command = self._control.take()

    def after_step(self) -> Iterator[Event]:
        """Pause where a single step or epoch was asked for and is done."""
        epoch_over = self._journal.run.state.index == 0
        if self.stepping == "step" or (self.stepping == "epoch" and epoch_over):
            yield from self.pause()

    def pause(self, reason: str = "", node: str = "") -> Iterator[Event]:
        """Tell everything, write a checkpoint and pause."""
        recorder, trainer = self._journal, self._journal.run
        yield from recorder.tell(wait=True)
        recorder.capture()
        recorder.write("paused")
        self.paused, self.stepping = True, ""
        yield Paused(trainer.state.step, trainer.epoch_under_way, reason, node)

    def change(self, name: str, arguments: Mapping[str, Any]) -> Iterator[Event]:
        """Make a change from the next step on, or say why not."""
        trainer = self._journal.run
        position = Position(trainer.state.epoch, trainer.state.index)
        try:
            plan, text = changed(trainer.plan, name, arguments, position)
        except TrainingError as error:
            yield Refused(trainer.state.step + 1, name, str(error))
            return
        yield from self._journal.tell(wait=True)
        trainer.impose(plan)
        event = Changed(trainer.state.step + 1, name, dict(arguments), text)
        self._journal.note(event)
        yield event

    def _obey(self, command: Command) -> Iterator[Event]:
        match command.name:
            case "pause" if not self.paused:
                yield from self.pause()
            case "resume" if self.paused:
                self.paused = False
                yield Resumed(self._journal.run.state.step)
            case "step" | "step-epoch":
                self.stepping = "step" if command.name == "step" else "epoch"
                if self.paused and self.stepping == "epoch":
                    yield Resumed(self._journal.run.state.step)
                self.paused = False
            case "stop":
                self.stopped = True
            case "checkpoint":
                yield from self._journal.tell(wait=True)
                self._journal.capture()
                self._journal.write("paused" if self.paused else "running")
            case "change":
                arguments = dict(command.arguments)
                yield from self.change(arguments.pop("change", ""), arguments)
