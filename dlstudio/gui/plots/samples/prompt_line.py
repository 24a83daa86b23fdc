"""The prompt: text that the network continues, fills in or translates."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.gui.widgets.basic_widgets import button
from dlstudio.gui.widgets.field import UndoAwareLineEdit
from dlstudio.training.specs.registry import TASKS


class PromptLine(QWidget):
    """A text field, hidden for tasks without text input; Enter submits, Esc clears.

    Signals:
        submitted: The text; empty to show samples of the data again.
    """

    submitted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = _PromptField()
        self.field.setAccessibleName("Prompt")
        self.field.returnPressed.connect(self._submit)
        self.field.cancelled.connect(self.clear)
        self.submit_button = button("Write", self._submit, icon_name="pencil")
        self.clear_button = button(
            "", self.clear, look="quiet", icon_name="close", tip="Show samples of the data again"
        )
        self.clear_button.setAccessibleName("Clear the prompt")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.submit_button)
        row.addWidget(self.clear_button)
        self.show_task("")

    def show_task(self, task: str) -> None:
        """Show the hint and the button of a task; hidden if the task takes no prompt."""
        spec = TASKS.get(task)
        self.setVisible(spec is not None and bool(spec.prompt))
        self.field.setPlaceholderText(spec.prompt_hint if spec else "")
        self.field.setText("")
        self.submit_button.setText(spec.prompt if spec else "")
        self.clear_button.hide()

    def clear(self) -> None:
        """Clear the text and show samples of the data."""
        self.field.setText("")
        self.clear_button.hide()
        self.submitted.emit("")

    def _submit(self) -> None:
        text = self.field.text()
        self.clear_button.setVisible(bool(text))
        self.submitted.emit(text)


class _PromptField(UndoAwareLineEdit):
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the text on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
