"""Splits parameter groups by what is selected, and shows where their rates are set."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer

from dlstudio.gui.document import Document
from dlstudio.gui.panels.inspector.inspector import Inspector
from dlstudio.gui.panels.own_group import give_own_group

_ABOVE = 14
"""Pixels that are left above the choice of a group when it is brought into view."""


class LayerGroups(QObject):
    """Gives the selection a group of its own and leads to the form."""

    def __init__(self, document: Document, inspector: Inspector) -> None:
        """Edit `document`; show the form in `inspector`."""
        super().__init__(inspector)
        self._document = document
        self._inspector = inspector

    def give(self) -> None:
        """Give the selected layers a group, and show its settings."""
        if give_own_group(self._document):
            self.show()

    def show(self) -> None:
        """Show the first group's settings; the form needs a moment to find its size."""
        page = self._inspector.show_network()
        page.training.group_bar.choose(0)
        QTimer.singleShot(0, page.training.group_bar, self._bring_into_view)

    def _bring_into_view(self) -> None:
        page = self._inspector.show_network()
        top = page.training.group_bar.mapTo(page, QPoint(0, -_ABOVE)).y()
        self._inspector.verticalScrollBar().setValue(top)
