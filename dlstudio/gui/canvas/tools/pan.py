"""Moves the view over the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers


class Pan(Gesture):
    """Middle button, or space and the left button."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = False

    def __init__(self, stage: Stage) -> None:
        """Remember where the view was."""
        super().__init__(stage)
        self._before = stage.camera.offset

    def move(self, at: QPointF, _modifiers: Modifiers) -> None:
        """Keep the grabbed point under the pointer."""
        self.stage.camera.offset = self.stage.camera.offset - (at - self.origin)
        self.stage.camera_changed.emit()

    def cancel(self) -> None:
        """Go back to where the view was."""
        self.stage.camera.offset = self._before
        self.stage.camera_changed.emit()
