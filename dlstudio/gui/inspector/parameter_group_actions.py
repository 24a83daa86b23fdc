"""Creates a parameter group for the selection, and shows its settings in the inspector."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer

from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.training.group_edits import create_group

_TOP_MARGIN = 14
"""Free pixels above the group bar after scrolling to it."""


class ParameterGroupActions(QObject):
    """Actions that need both the document and the inspector."""

    def __init__(self, document: Document, inspector: Inspector) -> None:
        super().__init__(inspector)
        self._document = document
        self._inspector = inspector

    def create_for_selection(self) -> None:
        """Create a group for the selected layers, and show its settings."""
        if create_group(self._document):
            self.show_settings()

    def show_settings(self) -> None:
        """Show the first group's settings; scrolls once the form has its size."""
        page = self._inspector.show_network()
        page.training.group_bar.choose(0)
        QTimer.singleShot(0, page.training.group_bar, self._scroll_to_settings)

    def _scroll_to_settings(self) -> None:
        page = self._inspector.show_network()
        top = page.training.group_bar.mapTo(page, QPoint(0, -_TOP_MARGIN)).y()
        self._inspector.verticalScrollBar().setValue(top)
