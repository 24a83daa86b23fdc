"""Splits parameter groups by what is selected, and shows where their rates are set."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer

from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.training.group_edits import create_group

_TOP_MARGIN = 14
"""Pixels that are left above the choice of a group when it is brought into view."""


class ParameterGroupActions(QObject):
    """Gives the selection a group of its own and leads to the form."""

    def __init__(self, document: Document, inspector: Inspector) -> None:
        """Edit `document`; show the form in `inspector`."""
        super().__init__(inspector)
        self._document = document
        self._inspector = inspector

    def create_for_selection(self) -> None:
        """Give the selected layers a group, and show its settings."""
        if create_group(self._document):
            self.show_settings()

    def show_settings(self) -> None:
        """Show the first group's settings; the form needs a moment to find its size."""
        page = self._inspector.show_network()
        page.training.group_bar.choose(0)
        QTimer.singleShot(0, page.training.group_bar, self._scroll_to_settings)

    def _scroll_to_settings(self) -> None:
        page = self._inspector.show_network()
        top = page.training.group_bar.mapTo(page, QPoint(0, -_TOP_MARGIN)).y()
        self._inspector.verticalScrollBar().setValue(top)
