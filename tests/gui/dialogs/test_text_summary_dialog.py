from __future__ import annotations

from PySide6.QtWidgets import QApplication

from dlstudio.gui.window.main_window import MainWindow


def test_summary_can_be_copied(window: MainWindow) -> None:
    window.files.open_example("xor-mlp")
    dialog = window.dialogs.show_summary()
    dialog.copy()
    assert "Linear" in QApplication.clipboard().text()
    dialog.reject()
