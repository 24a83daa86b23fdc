"""The common class of the inspector's pages: never wider than the panel."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class InspectorPage(QWidget):
    """A page of any width; its contents wrap or are elided."""

    def minimumSizeHint(self) -> QSize:
        """Return a minimum width of 0, so that the page never scrolls sideways."""
        return QSize(0, super().minimumSizeHint().height())
