"""Commands to a run: a thread-safe queue between the window and the loop. Does not import torch."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: `pause`, `resume`, `step`, `step-epoch`, `stop`, `checkpoint`, `pace` or `change`.
        arguments: For `change`: `change` and its arguments, as in `events.SettingChanged`; for
            `pace`: `seconds` from one step to the next at least, 0 for as fast as possible.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Control:
    """Holds commands until the loop receives them between two steps."""

    def __init__(self, *, has_operator: bool = True) -> None:
        """Start without commands.

        Args:
            has_operator: Whether a user can end a pause; otherwise a run that diverges fails.
        """
        self.has_operator = has_operator
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._stop_event = threading.Event()

    def send(self, name: str, **arguments: Any) -> None:
        """Queue a command; returns at once."""
        if name == "stop":
            self._stop_event.set()
        self._commands.put(Command(name, arguments))

    def stop_requested(self) -> bool:
        """Whether `stop` was ever sent; removes nothing from the queue."""
        return self._stop_event.is_set()

    def receive(self, timeout: float | None = 0.0) -> Command | None:
        """Return the next command, waiting up to `timeout` seconds (None: forever)."""
        try:
            if timeout == 0.0:
                return self._commands.get_nowait()
            return self._commands.get(timeout=timeout)
        except queue.Empty:
            return None
