"""What all sources of a view's input have in common. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.services.view_services import ViewServices

if TYPE_CHECKING:
    from dlstudio.worker.view_inputs import ViewInput


@dataclass(frozen=True, slots=True)
class PreparedInput:
    """An input that a view can be computed from.

    Attributes:
        value: The input.
        moment: When in the run it was taken, in words: `step 1 200`.
        note: What is missing in it, in words, or empty.
    """

    value: ViewInput
    moment: str
    note: str = ""


InputFactory: TypeAlias = Callable[[BackgroundTask], PreparedInput]
"""Returns the input in a background thread; DataError with words where there is none."""
InputCallback: TypeAlias = Callable[[InputFactory], None]


class InputSource(QObject):
    """Hands out one kind of input.

    Signals:
        changed: There may be an input now where there was none, or none any more.
        chosen: Somebody chose another input.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        """Look at what `services` have."""
        super().__init__(parent)
        self.services = services

    @property
    def missing_text(self) -> str:
        """Why there is no input, and what to do; empty where there is one."""
        raise NotImplementedError

    @property
    def start_text(self) -> str:
        """The word on the button that requests an input; empty for the panel's own."""
        return ""

    @property
    def waiting_text(self) -> str:
        """What goes on until a requested input is there."""
        return "Waiting for the network"

    @property
    def chooser(self) -> QWidget | None:
        """The widget in which an input is chosen; None where there is no choice."""
        return None

    def request(self, callback: InputCallback, *, anew: bool) -> None:
        """Call `callback` once there is an input.

        Args:
            callback: Gets the factory of the input.
            anew: Whether the present state is wanted, rather than what is on show.
        """
        raise NotImplementedError

    def cancel_request(self, callback: InputCallback) -> None:
        """Withdraw a request."""
        raise NotImplementedError
