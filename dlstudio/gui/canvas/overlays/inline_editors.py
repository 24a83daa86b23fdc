"""Editors over the canvas for the text of a note and the title of a card."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from dlstudio.design.edits import change_note, remove_notes
from dlstudio.gui.canvas.commands.editing import rename
from dlstudio.gui.canvas.overlays.shortcut_override import accept_shortcut_override
from dlstudio.gui.canvas.paint.card import title_rect
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext


class NoteEditor(QPlainTextEdit):
    """Edits a note in place; Esc or a click elsewhere commits the text."""

    closed = Signal()

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._note = ""
        self.setPlaceholderText("Write a note…")
        self.setAccessibleName("Note")
        self.setTabChangesFocus(True)
        self.installEventFilter(self)
        context.camera_changed.connect(self._reposition)
        self.hide()

    def open(self, note_id: str) -> None:
        """Edit a note, after committing the one being edited."""
        self.commit()
        note = self._context.scene.notes.get(note_id)
        if note is None:
            return
        self._note = note_id
        self.setPlainText(note.text)
        self._reposition()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.selectAll()

    def commit(self) -> None:
        """Store the text and hide the editor; an empty note is removed."""
        if not self._note:
            return
        note_id, self._note = self._note, ""
        self.hide()
        text, scope = self.toPlainText().strip(), self._context.scope
        note = self._context.scene.notes.get(note_id)
        if note is not None and text and text != note.text:
            changed = replace(note, text=text)
            self._context.edit(
                lambda project: change_note(project, changed, scope=scope), "Edit note"
            )
        elif note is not None and not text:
            self._context.edit(
                lambda project: remove_notes(project, (note_id,), scope=scope), "Remove note"
            )
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on Esc and on focus loss."""
        if accept_shortcut_override(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_Escape or (
                control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            ):
                self.commit()
                return True
        elif event.type() == QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)

    def _reposition(self) -> None:
        if self._note in self._context.scene.notes:
            rect = self._context.camera.rect_to_view(self._context.scene.note_rect(self._note))
            self.setGeometry(rect.united(_min_rect(rect, 160, 64)).toRect())


class TitleEditor(QLineEdit):
    """Renames a card in place; Enter commits, Esc cancels."""

    closed = Signal()

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._node = ""
        self.setAccessibleName("Title")
        self.installEventFilter(self)
        self.returnPressed.connect(lambda: self.close_editor(commit=True))
        context.camera_changed.connect(self._reposition)
        self.hide()

    def open(self, node_id: str) -> None:
        """Edit the title of a card."""
        card = self._context.scene.cards.get(node_id)
        if card is None:
            return
        self._node = node_id
        self.setText(card.node.title)
        self.setPlaceholderText(card.description.title)
        self._reposition()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.selectAll()

    def close_editor(self, commit: bool) -> None:
        """Hide the editor; `commit` stores the new title."""
        if not self._node:
            return
        node_id, self._node = self._node, ""
        self.hide()
        if commit and node_id in self._context.scene.cards:
            rename(self._context, node_id, self.text())
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on Esc and on focus loss."""
        if accept_shortcut_override(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_editor(commit=False)
                return True
        elif event.type() == QEvent.Type.FocusOut:
            self.close_editor(commit=True)
        return super().eventFilter(watched, event)

    def _reposition(self) -> None:
        if self._node in self._context.scene.cards:
            title = title_rect(self._context.scene.cards[self._node].rect)
            rect = self._context.camera.rect_to_view(title)
            self.setGeometry(rect.united(_min_rect(rect, 120, 26)).toRect())


def _min_rect(rect: QRectF, width: float, height: float) -> QRectF:
    return QRectF(rect.x(), rect.y(), width, height)
