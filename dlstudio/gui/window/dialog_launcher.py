"""Opens the window's dialogs and imports each when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.rate_test import rate_test_label, rate_test_obstacle

if TYPE_CHECKING:
    from dlstudio.gui.dialogs.about_dialog import AboutDialog
    from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog
    from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog
    from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog
    from dlstudio.gui.dialogs.text_summary_dialog import SummaryDialog
    from dlstudio.gui.plots.rate_range.rate_range_dialog import RateRangeDialog
    from dlstudio.worker.client import Worker

DialogT = TypeVar("DialogT", bound=QDialog)


class DialogLauncher(QObject):
    """Opens dialogs above the window without a nested event loop."""

    def __init__(
        self,
        parent: QWidget,
        document: Document,
        session: TrainingSession,
        run_controller: RunController,
        text_summary: Callable[[], str],
    ) -> None:
        """Open dialogs above `parent`; `text_summary` returns a text description of the network."""
        super().__init__(parent)
        self._window = parent
        self._document = document
        self._session = session
        self._run_controller = run_controller
        self._text_summary = text_summary
        self.worker: Worker | None = None
        """The process for slow work, once the plots are built."""

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

    @property
    def rate_label(self) -> tuple[str, str]:
        """Text and tip of the menu entry of the learning-rate range test."""
        return rate_test_label(self._document, self._session)

    def show_rate_range(self) -> RateRangeDialog | None:
        """Test learning rates; a message says why if that is not possible now."""
        from dlstudio.gui.plots.rate_range.rate_range_dialog import RateRangeDialog

        obstacle = rate_test_obstacle(self._document, self._session)
        if obstacle or self.worker is None:
            self._document.message.emit(f"No learning rate can be tested: {obstacle}")
            return None
        weights = self._run_controller.next_run.imported_weights
        return self._show(RateRangeDialog(self._document, weights, self.worker, self._window))

    def show_about(self) -> AboutDialog:
        from dlstudio.gui.dialogs.about_dialog import AboutDialog

        return self._show(AboutDialog(self._window))

    def _show(self, dialog: DialogT) -> DialogT:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
