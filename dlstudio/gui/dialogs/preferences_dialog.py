"""The preferences dialog: theme, font size, threads and folders."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.core.data_paths import data_folder
from dlstudio.gui.document.preferences import (
    MAX_FONT_SIZE,
    MIN_FONT_SIZE,
    Preferences,
    preferences,
    store_preferences,
)
from dlstudio.training.storage.runs import runs_dir_for

THEMES = (("System", "system"), ("Light", "light"), ("Dark", "dark"))
_SPIN_INDENT = 6
"""Left margin of a spin box's text in pixels, which the style sheet cannot set."""


class PreferencesDialog(QDialog):
    """Edits the stored preferences; OK and Apply store them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        stored = preferences()
        self.theme = QComboBox()
        for title, name in THEMES:
            self.theme.addItem(title, name)
        self.theme.setCurrentIndex(self.theme.findData(stored.theme))
        self.font_size = _spin(MIN_FONT_SIZE, MAX_FONT_SIZE, stored.font_size, " px")
        self.threads = _spin(0, os.cpu_count() or 1, stored.threads, "")
        self.threads.setSpecialValueText("all cores but one")
        self.threads.setToolTip(
            "Number of CPU cores for a run. More are faster, as long as one is left for the window."
        )
        self.data_dir = _folder_field(
            stored.data_dir, data_folder(), "Folder for downloaded data sets."
        )
        self.runs_dir = _folder_field(
            stored.runs_dir,
            runs_dir_for(None),
            "Folder for the runs of unsaved designs. They move beside the design when it is saved.",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(self._form())
        column.addWidget(self._buttons())
        self.setMinimumWidth(520)

    def values(self) -> Preferences:
        """Return the values in the dialog."""
        return replace(
            preferences(),
            theme=str(self.theme.currentData()),
            font_size=self.font_size.value(),
            threads=self.threads.value(),
            data_dir=self.data_dir.text().strip(),
            runs_dir=self.runs_dir.text().strip(),
        )

    def accept(self) -> None:
        self.apply()
        super().accept()

    def apply(self) -> None:
        """Store the values if any of them changed."""
        if self.values() != preferences():
            store_preferences(self.values())

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(18)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow("&Theme", self.theme)
        form.addRow("&Font size", self.font_size)
        form.addRow("Threads per &run", self.threads)
        for text, line in (
            ("&Downloaded data sets", self.data_dir),
            ("R&uns of unsaved designs", self.runs_dir),
        ):
            caption = QLabel(text)
            caption.setBuddy(line)
            form.addRow(caption, self._folder_row(line))
        hint = QLabel("Threads and folders take effect at the next run.")
        hint.setProperty("role", "small")
        form.addRow("", hint)
        return form

    def _folder_row(self, line: QLineEdit) -> QHBoxLayout:
        button = QPushButton("Choose…")
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._choose_folder, line))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(button)
        return row

    def _choose_folder(self, line: QLineEdit, _checked: bool = False) -> None:
        start = line.text().strip() or line.placeholderText()
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder", start)
        if folder:
            line.setText(folder)

    def _buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Apply | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(kinds.Apply).clicked.connect(self.apply)
        return buttons


def _folder_field(folder: str, default: Path, tip: str) -> QLineEdit:
    """Return a line edit for a folder that shows the default while it is empty."""
    line = QLineEdit(folder)
    line.setPlaceholderText(str(default))
    line.setToolTip(f"{tip}\nDefault: {default}")
    return line


def _spin(lowest: int, highest: int, value: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(lowest, highest)
    box.setSuffix(unit)
    box.setValue(value)
    box.lineEdit().setTextMargins(_SPIN_INDENT, 0, 0, 0)
    return box
