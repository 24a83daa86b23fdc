"""Runs the training loop in a background thread, whose events the window polls."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlstudio.design.model.model import Project
from dlstudio.entry_points import reason_text
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Event, Failed, RunOptions

if TYPE_CHECKING:
    from dlstudio.training.loop.observer import Observer
    from dlstudio.training.loop.step_observer import StepObserver


class Runner:
    """One run at a time in its own thread. Importing or creating it does not import torch."""

    def __init__(self) -> None:
        self.control = Control()
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the thread is running; events may remain to be polled when it is not."""
        return self._thread is not None and self._thread.is_alive()

    def start(
        self,
        project: Project,
        options: RunOptions,
        observers: Sequence[Observer] = (),
        step_observers: Sequence[StepObserver] = (),
    ) -> None:
        """Start a run with a new `control`.

        Raises:
            RuntimeError: A run is in progress.
        """
        if self.is_alive:
            raise RuntimeError("a run is already in progress")
        self.control = Control()
        self._events = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=_run_training,
            args=(project, options, self.control, self._events),
            kwargs={"observers": tuple(observers), "step_observers": tuple(step_observers)},
            name="dlstudio-training",
            daemon=True,
        )
        self._thread.start()

    def poll(self) -> list[Event]:
        """Return the events since the last call, without waiting."""
        events = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except queue.Empty:
                return events

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread to end; return whether it did."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.is_alive


def _run_training(
    project: Project,
    options: RunOptions,
    control: Control,
    events: queue.SimpleQueue[Event],
    *,
    observers: Sequence[Observer],
    step_observers: Sequence[StepObserver],
) -> None:
    try:
        from dlstudio.training.loop.loop import train

        for event in train(project, options, control, observers, step_observers):
            events.put(event)
    except BaseException as error:  # noqa: BLE001 - the thread ends here and reports the error
        details = traceback.format_exc()
        events.put(Failed(f"The run failed unexpectedly: {reason_text(error)}", details=details))
