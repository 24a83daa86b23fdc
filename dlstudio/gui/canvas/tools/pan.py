"""Moves the view over the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers


class Pan(Gesture):
    """Middle button, or space and the left button."""

    cursor = Qt.CursorShape.ClosedHandCursor
    auto_scrolls = False

    def __init__(self, context: CanvasContext) -> None:
        super().__init__(context)
        self._initial_offset = context.camera.offset

    def move(self, at: QPointF, _modifiers: Modifiers) -> None:
        """Keep the grabbed point under the pointer."""
        self.context.camera.offset = self.context.camera.offset - (at - self.origin)
        self.context.camera_changed.emit()

    def cancel(self) -> None:
        self.context.camera.offset = self._initial_offset
        self.context.camera_changed.emit()
