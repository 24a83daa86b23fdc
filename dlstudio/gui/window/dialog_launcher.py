"""Opens the window's dialogs and imports each when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from dlstudio.gui.dialogs.about_dialog import AboutDialog
    from dlstudio.gui.dialogs.gallery import Gallery
    from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog
    from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog
    from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog
    from dlstudio.gui.dialogs.text_summary_dialog import SummaryDialog
    from dlstudio.gui.window.main_window import MainWindow

DialogT = TypeVar("DialogT", bound=QDialog)


class DialogLauncher(QObject):
    """Opens dialogs above the window without a nested event loop."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def show_gallery(self) -> Gallery:
        """Show the examples and the recent files."""
        from dlstudio.gui.dialogs.gallery import Gallery

        gallery = Gallery(self._window)
        gallery.example_chosen.connect(self._window.files.open_example)
        gallery.file_chosen.connect(self._window.files.open_path)
        gallery.new_chosen.connect(self._window.files.new)
        gallery.open_chosen.connect(self._window.files.open)
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

        return self._show(SummaryDialog(self._window.editor.text_summary(), self._window))

    def show_import_weights(self) -> ImportWeightsDialog:
        from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog

        window = self._window
        return self._show(ImportWeightsDialog(window.document, window.run_controller, window))

    def show_about(self) -> AboutDialog:
        from dlstudio.gui.dialogs.about_dialog import AboutDialog

        return self._show(AboutDialog(self._window))

    def _show(self, dialog: DialogT) -> DialogT:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
