"""A text description of the network, for screen readers and copying."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.style.theme import mono_font


class SummaryDialog(QDialog):
    """Shows read-only text that can be copied."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_title("summary"))
        self.resize(640, 460)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(mono_font())
        self.text.setAccessibleName(action_title("summary"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy_button = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy_button.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)

    def copy(self) -> None:
        """Copy the text to the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())
