"""Resizes a note by its corner."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from dlstudio.design.edits import change_note
from dlstudio.design.model.model import Note
from dlstudio.gui.canvas.paint.note import MINIMUM_HEIGHT, MINIMUM_WIDTH
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import snap
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers


class ResizeNote(Gesture):
    """Drag the bottom right corner of a note."""

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, context: CanvasContext, note_id: str) -> None:
        super().__init__(context)
        self._note = context.scene.notes[note_id]

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        if self.is_drag(at):
            self._show(self._resized(at, modifiers))

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Store the new size in one undoable step."""
        self._show(self._note)
        if self.is_drag(at):
            note, scope = self._resized(at, modifiers), self.context.scope
            self.context.edit(
                lambda project: change_note(project, note, scope=scope), "Resize note"
            )

    def cancel(self) -> None:
        """Show the note as in the design, unless it was removed."""
        note = self.context.project.layout_at(self.context.scope).notes.get(self._note.id)
        if note is not None:
            self._show(note)

    def _show(self, note: Note) -> None:
        self.context.scene.notes[note.id] = note
        self.context.repaint_requested.emit()

    def _resized(self, at: QPointF, modifiers: Modifiers) -> Note:
        width, height = at.x() - self._note.x, at.y() - self._note.y
        if not modifiers & Qt.KeyboardModifier.AltModifier:
            width, height = snap(width), snap(height)
        return replace(
            self._note, width=max(MINIMUM_WIDTH, width), height=max(MINIMUM_HEIGHT, height)
        )
