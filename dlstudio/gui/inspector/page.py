"""What every page of the inspector is: as wide as the panel, never wider."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class InspectorPage(QWidget):
    """Gives way to any width; what is in it wraps or is cut short."""

    def minimumSizeHint(self) -> QSize:
        """Ask for height only."""
        return QSize(0, super().minimumSizeHint().height())
