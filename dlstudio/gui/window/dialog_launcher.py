"""Opens the window's own dialogs; their code is loaded when they are first asked for."""

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
    """Shows each dialog above the window, without standing still."""

    def __init__(self, window: MainWindow) -> None:
        """Serve `window`."""
        super().__init__(window)
        self._window = window

    def show_gallery(self) -> Gallery:
        """Offer the examples and the recent files."""
        from dlstudio.gui.dialogs.gallery import Gallery

        gallery = Gallery(self._window)
        gallery.example_chosen.connect(self._window.files.open_example)
        gallery.file_chosen.connect(self._window.files.open_path)
        gallery.new_chosen.connect(self._window.files.new)
        gallery.open_chosen.connect(self._window.files.open)
        return self._show(gallery)

    def show_examples_for_task(self, task: str) -> Gallery:
        """Offer the examples that learn a task, named by its title."""
        gallery = self.show_gallery()
        gallery.search_for(task)
        return gallery

    def show_preferences(self) -> PreferencesDialog:
        """Let the preferences be changed."""
        from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog

        return self._show(PreferencesDialog(self._window))

    def show_shortcuts(self) -> ShortcutsDialog:
        """Show every shortcut."""
        from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog

        return self._show(ShortcutsDialog(self._window))

    def show_summary(self) -> SummaryDialog:
        """Show the network in words."""
        from dlstudio.gui.dialogs.text_summary_dialog import SummaryDialog

        return self._show(SummaryDialog(self._window.editor.text_summary(), self._window))

    def show_import_weights(self) -> ImportWeightsDialog:
        """Let trained weights be taken over from elsewhere."""
        from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog

        window = self._window
        return self._show(ImportWeightsDialog(window.document, window.run_controller, window))

    def show_about(self) -> AboutDialog:
        """Say what dlstudio is."""
        from dlstudio.gui.dialogs.about_dialog import AboutDialog

        return self._show(AboutDialog(self._window))

    def _show(self, dialog: DialogT) -> DialogT:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
