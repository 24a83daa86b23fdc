"""Selects the cards and notes that a rectangle touches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.canvas.paint.canvas_style import current_style, with_alpha
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers

ADD_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class RubberBand(Gesture):
    """Drag on empty canvas; Shift or Ctrl adds to the selection. A click clears it."""

    def __init__(self, context: CanvasContext) -> None:
        super().__init__(context)
        self._initial_selection = context.document.selection
        self._rect = QRectF()

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Select what the rectangle touches so far."""
        if self.is_drag(at):
            self._rect = QRectF(self.origin, at).normalized()
            self.context.select_wire("")
            self.context.document.set_selection(self._touched(modifiers))
            self.context.repaint_requested.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Keep the selection; a click clears it."""
        if self.is_drag(at):
            self.move(at, modifiers)
        elif not modifiers & ADD_MODIFIERS:
            self.context.select_wire("")
            self.context.document.set_selection(())

    def cancel(self) -> None:
        self.context.document.set_selection(self._initial_selection)

    def paint(self, painter: QPainter) -> None:
        accent = current_style().accent
        pen = QPen(accent, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(with_alpha(accent, 28))
        painter.drawRect(self._rect)

    def _touched(self, modifiers: Modifiers) -> set[str]:
        scene = self.context.scene
        note_ids = (
            note_id for note_id in scene.notes if scene.note_rect(note_id).intersects(self._rect)
        )
        touched = {
            *scene.cards_within(self._rect),
            *(NOTE_PREFIX + note_id for note_id in note_ids),
        }
        return touched | self._initial_selection if modifiers & ADD_MODIFIERS else touched
