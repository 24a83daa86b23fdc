"""The network in words, for reading aloud and for copying."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.style.theme import mono_font


class SummaryDialog(QDialog):
    """Shows text that can be read with the arrow keys, and copied."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Show `text`."""
        super().__init__(parent)
        self.setWindowTitle("The network in words")
        self.resize(640, 460)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(mono_font())
        self.text.setAccessibleName("The network in words")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy_button = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy_button.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())
