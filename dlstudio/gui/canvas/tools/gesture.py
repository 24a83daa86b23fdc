"""What every gesture is: started by a press, moved, then finished or cancelled."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from dlstudio.design.model import Graph, Layout
from dlstudio.gui.canvas.stage import Stage

DRAG_THRESHOLD = 4.0
"""Pixels of the view that the pointer must move before a press becomes a drag."""

Modifiers = Qt.KeyboardModifier


class Gesture:
    """One interaction; all points are the scene's."""

    cursor = Qt.CursorShape.ArrowCursor
    scrolls = True
    """Whether the view scrolls when a drag reaches its edge."""

    def __init__(self, stage: Stage) -> None:
        """Act upon `stage`."""
        self.stage = stage
        self.origin = QPointF()
        self.dragging = False
        self._ground = _ground(stage)

    @property
    def is_stale(self) -> bool:
        """Whether something else changed the network since the press."""
        return any(
            now is not then for now, then in zip(_ground(self.stage), self._ground, strict=True)
        )

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        """Begin at a point."""
        self.origin = at

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Follow the pointer; changes nothing in the document."""

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Do what the gesture is for, as one undoable step."""

    def cancel(self) -> None:
        """Leave everything as it was before the press."""

    def paint(self, painter: QPainter) -> None:
        """Draw over the scene, in its units, while the gesture lasts."""

    def is_drag(self, at: QPointF) -> bool:
        """Return whether the pointer has moved far enough, now or before."""
        if not self.dragging:
            distance = (at - self.origin).manhattanLength() * self.stage.camera.scale
            self.dragging = distance >= DRAG_THRESHOLD
        return self.dragging


def _ground(stage: Stage) -> tuple[Graph, Layout]:
    return stage.project.graph_at(stage.scope), stage.project.layout_at(stage.scope)
