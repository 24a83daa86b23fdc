from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.dialogs.about_dialog import AboutDialog


def test_about_lists_version_and_packages(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert "Apache" in dialog.text.text()
    assert "torch" in dialog.text.text()
