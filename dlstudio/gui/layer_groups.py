"""Splits parameter groups by what is selected, and shows where their rates are set."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from dlstudio.gui.document import Document
from dlstudio.gui.panels.inspector.inspector import Inspector
from dlstudio.gui.panels.own_group import give_own_group


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
        self._inspector.ensureWidgetVisible(page.training.group_bar)
