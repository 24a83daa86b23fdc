"""The protocol of a gesture: started by a press, moved, then finished or cancelled."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from dlstudio.design.model.model import Graph, Layout
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext

DRAG_THRESHOLD = 4.0
"""Pixels of the view that the pointer must move before a press becomes a drag."""

Modifiers = Qt.KeyboardModifier


class Gesture:
    """One mouse interaction; all points are in scene coordinates."""

    cursor = Qt.CursorShape.ArrowCursor
    auto_scrolls = True
    """Whether the view scrolls when a drag reaches its edge."""

    def __init__(self, context: CanvasContext) -> None:
        self.context = context
        self.origin = QPointF()
        self.dragging = False
        self._initial_state = _graph_and_layout(context)

    @property
    def is_stale(self) -> bool:
        """Whether the graph or layout changed since the press."""
        return any(
            now is not then
            for now, then in zip(_graph_and_layout(self.context), self._initial_state, strict=True)
        )

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        self.origin = at

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Follow the pointer; the document must not change."""

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Commit the gesture as one undoable step."""

    def cancel(self) -> None:
        """Restore the state before the press."""

    def paint(self, painter: QPainter) -> None:
        """Draw over the scene, in scene coordinates, during the gesture."""

    def is_drag(self, at: QPointF) -> bool:
        """Return whether the pointer has moved `DRAG_THRESHOLD` pixels since the press."""
        if not self.dragging:
            distance = (at - self.origin).manhattanLength() * self.context.camera.scale
            self.dragging = distance >= DRAG_THRESHOLD
        return self.dragging


def _graph_and_layout(context: CanvasContext) -> tuple[Graph, Layout]:
    return context.project.graph_at(context.scope), context.project.layout_at(context.scope)
