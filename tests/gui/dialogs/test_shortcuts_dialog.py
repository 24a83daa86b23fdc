from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dlstudio.gui.dialogs.shortcuts_dialog import ShortcutsDialog, print_shortcuts


def test_shortcuts_can_be_printed(qtbot: QtBot, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "shortcuts.pdf"))
    print_shortcuts(printer)
    assert (tmp_path / "shortcuts.pdf").read_bytes().startswith(b"%PDF")


def test_enter_closes_the_shortcuts_dialog_without_printing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[bool] = []
    monkeypatch.setattr(ShortcutsDialog, "show_print_dialog", lambda _self: printed.append(True))
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog.page, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert not printed


def test_shortcuts_dialog_shows_keys_and_gestures(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    text = dialog.page.toPlainText()
    assert "Ctrl+Shift+Z" in text
    assert "Insert it into the wire" in text
