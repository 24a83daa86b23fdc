"""Opens the window's dialogs and imports each when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.runs.run_controller import RunController

if TYPE_CHECKING:
    from dlstudio.gui.dialogs.about_dialog import AboutDialog
    from dlstudio.gui.dialogs.gallery import Gallery
    from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog
    from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog
    from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog
    from dlstudio.gui.dialogs.text_summary_dialog import SummaryDialog

DialogT = TypeVar("DialogT", bound=QDialog)


class DialogLauncher(QObject):
    """Opens dialogs above the window without a nested event loop."""

    def __init__(
        self,
        parent: QWidget,
        document: Document,
        files: DesignFiles,
        run_controller: RunController,
        text_summary: Callable[[], str],
    ) -> None:
        """Open dialogs above `parent`; `text_summary` returns a text description of the network."""
        super().__init__(parent)
        self._window = parent
        self._document = document
        self._files = files
        self._run_controller = run_controller
        self._text_summary = text_summary

    def show_gallery(self) -> Gallery:
        """Show the examples and the recent files."""
        from dlstudio.gui.dialogs.gallery import Gallery

        gallery = Gallery(self._window)
        gallery.example_chosen.connect(self._files.open_example)
        gallery.file_chosen.connect(self._files.open_path)
        gallery.new_chosen.connect(self._files.new)
        gallery.open_chosen.connect(self._files.open)
        return self._show(gallery)

    def show_examples_for_task(self, task: str) -> Gallery:
        """Show the examples of a task, given by its title."""
        gallery = self.show_gallery()
        gallery.search_for(task)
        return gallery

    def show_preferences(self) -> PreferencesDialog:
        from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog

        return self._show(PreferencesDialog(self._window))

    def show_shortcuts(self) -> ShortcutsDialog:
        from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog

        return self._show(ShortcutsDialog(self._window))

    def show_summary(self) -> SummaryDialog:
        from dlstudio.gui.dialogs.text_summary_dialog import SummaryDialog

        return self._show(SummaryDialog(self._text_summary(), self._window))

    def show_import_weights(self) -> ImportWeightsDialog:
        from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog

        return self._show(ImportWeightsDialog(self._document, self._run_controller, self._window))

    def show_about(self) -> AboutDialog:
        from dlstudio.gui.dialogs.about_dialog import AboutDialog

        return self._show(AboutDialog(self._window))

    def _show(self, dialog: DialogT) -> DialogT:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
