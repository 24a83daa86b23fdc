"""The name under which a block is kept: proposed, refused when empty, asked about when taken."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dlstudio.gui.keep_dialog import KeepDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> KeepDialog:
    dialog = KeepDialog("Block", lambda name: name == "Cell", lambda name: f"{name} 2")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def type_name(dialog: KeepDialog, name: str) -> None:
    dialog.line.selectAll()
    QTest.keyClick(dialog.line, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.line, name)


def test_a_name_is_proposed_and_typing_replaces_it(dialog: KeepDialog) -> None:
    assert dialog.line.selectedText() == dialog.name == "Block"
    QTest.keyClicks(dialog.line, "  Encoder  ")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.name) == (KeepDialog.DialogCode.Accepted, "Encoder")


def test_an_empty_name_is_refused_in_words(dialog: KeepDialog) -> None:
    type_name(dialog, "   ")
    assert not dialog.keep.isEnabled()
    assert dialog.note.text() == "A block needs a name."
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), dialog.result()) == (False, KeepDialog.DialogCode.Rejected)


def test_a_name_that_is_taken_can_be_replaced(dialog: KeepDialog) -> None:
    assert not dialog.both.isVisible()
    type_name(dialog, "Cell")
    assert dialog.note.text().startswith("My blocks hold another block called Cell.")
    assert dialog.keep.text() == "&Replace it"
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.name) == (KeepDialog.DialogCode.Accepted, "Cell")


def test_both_blocks_can_be_kept(dialog: KeepDialog) -> None:
    type_name(dialog, "Cell")
    assert dialog.both.toolTip() == "Keep this one as Cell 2"
    QTest.mouseClick(dialog.both, Qt.MouseButton.LeftButton)
    assert (dialog.result(), dialog.name) == (KeepDialog.DialogCode.Accepted, "Cell 2")
