"""A line to type in what a network is to go on from, fill in or translate."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.gui.panels.dressing import button
from dlstudio.gui.panels.field import Line
from dlstudio.training.task_table import TASKS

_HINTS = {
    "Continue": "Type a beginning, and the network goes on from there",
    "Fill in": "Type a text with [mask] (or _) where the network is to fill something in",
    "Write": "Type what the network is to read, and see what it writes",
}


class PromptLine(QWidget):
    """Hidden for tasks that read no text; Enter hands the text over, Escape takes it back.

    Signals:
        wanted: The text, empty for samples of the data again.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        """Start without a task."""
        super().__init__()
        self.line = _PromptField()
        self.line.setAccessibleName("Prompt")
        self.line.returnPressed.connect(self._hand_over)
        self.line.given_up.connect(self.clear)
        self.go = button("Write", self._hand_over, icon_name="pencil")
        self.back = button(
            "", self.clear, look="quiet", icon_name="close", tip="Show samples of the data again"
        )
        self.back.setAccessibleName("Clear the prompt")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.go)
        row.addWidget(self.back)
        self.show_task("")

    def show_task(self, task: str) -> None:
        """Offer what the task does with a text."""
        verb = TASKS[task].prompt if task in TASKS else ""
        self.setVisible(bool(verb))
        self.line.setPlaceholderText(_HINTS.get(verb, ""))
        self.line.setText("")
        self.go.setText(verb)
        self.back.hide()

    def clear(self) -> None:
        """Take the text back."""
        self.line.setText("")
        self.back.hide()
        self.wanted.emit("")

    def _hand_over(self) -> None:
        text = self.line.text()
        self.back.setVisible(bool(text))
        self.wanted.emit(text)


class _PromptField(Line):
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the line."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
