from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.gui.dialogs.preferences_dialog import PreferencesDialog
from dlstudio.gui.document.preferences import preferences
from dlstudio.gui.style.theme import LIGHT, current_theme
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.storage.runs import runs_dir_for


def test_preferences_dialog_applies_theme_and_font(window: MainWindow) -> None:
    dialog = window.dialogs.show_preferences()
    assert isinstance(dialog, PreferencesDialog)
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.font_size.setValue(19)
    dialog.apply()
    assert current_theme() is LIGHT
    assert window.font().pixelSize() == 19
    dialog.reject()
    assert preferences().font_size == 19


def test_preferences_dialog_shows_default_folders(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path / "sets"))
    dialog = window.dialogs.show_preferences()
    assert dialog.data_dir.placeholderText() == str(tmp_path / "sets")
    assert dialog.runs_dir.placeholderText() == str(runs_dir_for(None))
    assert dialog.values().data_dir == ""
    dialog.reject()
