"""The base class of all sources of a view's input. Imports no torch."""

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
    """An input for computing a view.

    Attributes:
        value: The input.
        moment: The moment of the run at which it was taken, as text: `step 1 200`.
        note: A note on missing values for the user, or empty.
    """

    value: ViewInput
    moment: str
    note: str = ""


InputFactory: TypeAlias = Callable[[BackgroundTask], PreparedInput]
"""Returns the input; called in a background thread. Raises DataError with a message."""
InputCallback: TypeAlias = Callable[[InputFactory], None]


class InputSource(QObject):
    """Provides one kind of input.

    Signals:
        changed: An input may have become available or unavailable.
        chosen: The user chose another input.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        """Provide inputs from the run and network of `services`."""
        super().__init__(parent)
        self.services = services

    @property
    def missing_text(self) -> str:
        """Why there is no input, and what to do; empty if there is one."""
        raise NotImplementedError

    @property
    def start_text(self) -> str:
        """Text of the button that requests an input; empty for the panel's default."""
        return ""

    @property
    def waiting_text(self) -> str:
        """Progress text shown until a requested input arrives."""
        return "Waiting for the network"

    @property
    def chooser(self) -> QWidget | None:
        """The widget for choosing an input; None if there is no choice."""
        return None

    def request(self, callback: InputCallback, *, refresh: bool) -> None:
        """Call `callback` as soon as an input is available.

        Args:
            callback: Receives the factory of the input.
            refresh: Whether to use the current state instead of the input of the last result.
        """
        raise NotImplementedError

    def cancel_request(self, callback: InputCallback) -> None:
        """Cancel a request."""
        raise NotImplementedError
