"""Editor for the path of a file or folder; a missing one can be located again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.design.storage.paths import absolute_path
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.widgets.basic_widgets import button, set_style_property
from dlstudio.gui.widgets.field import UndoAwareLineEdit
from dlstudio.layers.framework.settings import Setting

_FILTERS = "Data (*.csv *.tsv *.txt *.npz *.gz);;All files (*)"


class PathEditor(SettingEditor):
    """Edits a path, which is absolute while its design is open."""

    def __init__(self, setting: Setting, document: Document, *, folder: bool) -> None:
        """`folder` selects folders instead of files."""
        super().__init__(setting)
        self._document = document
        self._folder = folder
        self._shown_path = ""
        self.line_edit = UndoAwareLineEdit()
        self.line_edit.setPlaceholderText("Choose a folder" if folder else "Choose a file")
        self.line_edit.editingFinished.connect(self._commit)
        self.browse_button = button("Choose…", self._browse, icon_name="folder")
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line_edit, 1)
        layout.addWidget(self.browse_button)
        self._set_control(row)

    def show_value(self, value: Value) -> None:
        """Show a path; a missing one gets an error and a Locate button."""
        self._shown_path = str(value or "")
        self.line_edit.setText(self._shown_path)
        missing = bool(self._shown_path) and not self._resolved(self._shown_path).exists()
        noun = "folder" if self._folder else "file"
        self.show_error(f"This {noun} does not exist." if missing else "")
        self.browse_button.setText("Locate…" if missing else "Choose…")

    def show_mixed(self) -> None:
        self.line_edit.clear()

    def show_error(self, reason: str) -> None:
        super().show_error(reason)
        set_style_property(self.line_edit, "wrong", "true" if reason else "")

    def _commit(self) -> None:
        text = self.line_edit.text().strip()
        if text != self._shown_path:
            self.line_edit.setText(text)
            self.edited.emit(str(absolute_path(text, self._base_dir())) if text else "")

    def _browse(self) -> None:
        start = self._resolved(self._shown_path)
        start_dir = str(start if start.exists() else self._base_dir())
        if self._folder:
            chosen_path = QFileDialog.getExistingDirectory(self, "Choose a folder", start_dir)
        else:
            chosen_path, _ = QFileDialog.getOpenFileName(self, "Data file", start_dir, _FILTERS)
        if chosen_path:
            self.edited.emit(str(absolute_path(chosen_path)))

    def _base_dir(self) -> Path:
        path = self._document.path
        return path.parent if path else Path.home()

    def _resolved(self, text: str) -> Path:
        return self._base_dir() / Path(text).expanduser()
