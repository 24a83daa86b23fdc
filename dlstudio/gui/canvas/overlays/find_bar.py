"""Finds cards on the canvas by title, kind, id or shape, and steps through them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.canvas.overlays.shortcut_override import accept_shortcut_override
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext


class FindBar(QFrame):
    """A text field, the number of matches, and buttons to the previous and next match."""

    closed = Signal()

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._matching_ids: list[str] = []
        self._index = 0
        self.setProperty("surface", "card")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(action_title("find"))
        self.field.setAccessibleName(action_title("find"))
        self.field.setClearButtonEnabled(True)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.count.setMinimumWidth(64)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for text, name, action in (
            ("↑", "Previous match", lambda: self._step(-1)),
            ("↓", "Next match", lambda: self._step(1)),
            ("✕", "Close", self.dismiss),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setAutoRaise(True)
            button.clicked.connect(action)
            row.addWidget(button)
        self.setFixedWidth(380)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show the bar with the last query selected."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search(self.field.text())

    def dismiss(self) -> None:
        """Hide the bar; emits `closed`."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step with Enter, close with Esc."""
        if accept_shortcut_override(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._step(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        words = query.casefold().split()
        cards = self._context.scene.cards
        self._matching_ids = [
            node_id for node_id in cards if words and self._matches(node_id, words)
        ]
        self._matching_ids.sort(
            key=lambda node_id: (cards[node_id].rect.x(), cards[node_id].rect.y())
        )
        self._index = 0
        self._show_match()

    def _matches(self, node_id: str, words: list[str]) -> bool:
        card = self._context.scene.cards[node_id]
        content = self._context.scene.content.card(node_id)
        text = " ".join(
            (node_id, card.node.kind, content.title, content.card_summary, content.output_text)
        ).casefold()
        return all(word in text for word in words)

    def _step(self, step: int) -> None:
        if self._matching_ids:
            self._index = (self._index + step) % len(self._matching_ids)
            self._show_match()

    def _show_match(self) -> None:
        if not self.field.text():
            self.count.setText("")
            return
        if not self._matching_ids:
            self.count.setText("No match")
            return
        self.count.setText(f"{self._index + 1} of {len(self._matching_ids)}")
        node_id = self._matching_ids[self._index]
        if node_id in self._context.scene.cards:
            self._context.document.set_selection({node_id})
            self._context.reveal(node_id)
