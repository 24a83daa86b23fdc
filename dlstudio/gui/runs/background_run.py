"""Polls the background thread of a run and delivers its events in the window's thread.

The thread is `training/loop/runner.py`; only it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from dlstudio.design.model.model import Project
from dlstudio.training.protocol.events import Event, RunOptions

if TYPE_CHECKING:
    from dlstudio.training.loop.observer import Observer
    from dlstudio.training.loop.runner import Runner
    from dlstudio.training.loop.step_observer import StepObserver

POLL_MILLISECONDS = 34


class BackgroundRun(QObject):
    """One run at a time, whose events are polled by a timer."""

    def __init__(
        self, on_event: Callable[[Event], None], on_end: Callable[[], None], parent: QObject
    ) -> None:
        """Call `on_event` with each event, and `on_end` after the last one of a run."""
        super().__init__(parent)
        self._on_event = on_event
        self._on_end = on_end
        self._runner: Runner | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MILLISECONDS)
        self._timer.timeout.connect(self._poll)

    def start(
        self,
        project: Project,
        options: RunOptions,
        observers: Sequence[Observer] = (),
        step_observers: Sequence[StepObserver] = (),
    ) -> None:
        from dlstudio.training.loop.runner import Runner

        self._runner = Runner()
        self._runner.start(project, options, observers, step_observers)
        self._timer.start()

    def send(self, command: str, **arguments: Any) -> None:
        """Send a command to the run, if there is one."""
        if self._runner is not None:
            self._runner.control.send(command, **arguments)

    def wait(self, seconds: float) -> bool:
        """Wait for the thread, deliver its last events, and return whether it has ended."""
        if self._runner is None:
            return True
        self._runner.join(seconds)
        self._poll()
        return self._runner is None

    def _poll(self) -> None:
        runner = self._runner
        if runner is None:
            return
        alive = runner.is_alive
        for event in runner.poll():
            self._on_event(event)
        if not alive and self._runner is runner:
            self._finish(runner)

    def _finish(self, runner: Runner) -> None:
        """Clean up after a run whose thread has ended and whose events are all delivered."""
        self._timer.stop()
        runner.join(1.0)
        self._runner = None
        self._on_end()
