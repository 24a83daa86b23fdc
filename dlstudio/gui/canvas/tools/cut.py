"""Cuts wires by dragging across them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.design.edits import disconnect
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.wire import curves_path
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import curve_is_cut
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers


class Cut(Gesture):
    """Alt-drag on empty canvas, or Ctrl with the right button."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, context: CanvasContext) -> None:
        super().__init__(context)
        self._trail: list[QPointF] = []
        self._keys: set[str] = set()

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        super().start(at, modifiers)
        self._trail = [at]

    def move(self, at: QPointF, _modifiers: Modifiers) -> None:
        """Collect the wires crossed so far."""
        last = self._trail[-1]
        scene = self.context.scene
        for key in scene.wires_within(QRectF(last, at).normalized()):
            if curve_is_cut(scene.wires[key].curve, last, at):
                self._keys.add(key)
        self._trail.append(at)
        self.context.repaint_requested.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Remove the crossed wires in one step."""
        self.move(at, modifiers)
        if self._keys:
            scope, keys = self.context.scope, tuple(sorted(self._keys))
            text = "Cut wire" if len(keys) == 1 else f"Cut {len(keys)} wires"
            self.context.edit(lambda project: disconnect(project, keys, scope=scope), text)

    def paint(self, painter: QPainter) -> None:
        """Draw the trail and the crossed wires."""
        scene, error = self.context.scene, current_style().error
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(error, 3.0))
        crossed = (scene.wires[key].curve for key in self._keys if key in scene.wires)
        painter.drawPath(curves_path(crossed))
        pen = QPen(error, 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPolyline(self._trail)
