"""The common class of the inspector's pages: never wider than the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.design.changes.diff import Change

if TYPE_CHECKING:
    from dlstudio.insight.activations.activation_views import ActivationView


class InspectorPage(QWidget):
    """A page of any width; its contents wrap or are elided.

    Signals:
        link_activated: A link to a card or an example was followed; carries its address.
    """

    link_activated = Signal(str)

    def minimumSizeHint(self) -> QSize:
        """Return a minimum width of 0, so that the page never scrolls sideways."""
        return QSize(0, super().minimumSizeHint().height())

    def show_project(self) -> None:
        """Show the current project."""
        raise NotImplementedError

    def show_report(self) -> None:
        """Show the report of the last check."""
        raise NotImplementedError

    def show_view(self, view: ActivationView | None) -> None:
        """Show the measured output of the layer; only the page of a single card has one."""

    def is_outdated(self, change: Change) -> bool:
        """Whether a change of the project requires a new page instead of `show_project`."""
        del change
        return False

    @property
    def is_definition_open(self) -> bool:
        """Whether the definition of a placed block is expanded."""
        return False
