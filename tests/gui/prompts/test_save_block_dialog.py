"""The dialog for the name of a saved block."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dlstudio.gui.prompts.save_block_dialog import SaveBlockDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> SaveBlockDialog:
    dialog = SaveBlockDialog("Block", lambda name: name == "Cell", lambda name: f"{name} 2")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def type_name(dialog: SaveBlockDialog, name: str) -> None:
    dialog.name_field.selectAll()
    QTest.keyClick(dialog.name_field, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.name_field, name)


def test_name_is_proposed_and_typing_replaces_it(dialog: SaveBlockDialog) -> None:
    assert dialog.name_field.selectedText() == dialog.name == "Block"
    QTest.keyClicks(dialog.name_field, "  Encoder  ")
    QTest.keyClick(dialog.name_field, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.name) == (SaveBlockDialog.DialogCode.Accepted, "Encoder")


def test_empty_name_shows_an_error(dialog: SaveBlockDialog) -> None:
    type_name(dialog, "   ")
    assert not dialog.save_button.isEnabled()
    assert dialog.hint.text() == "Enter a name for the block."
    QTest.keyClick(dialog.name_field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.name_field, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), dialog.result()) == (False, SaveBlockDialog.DialogCode.Rejected)


def test_existing_block_can_be_replaced(dialog: SaveBlockDialog) -> None:
    assert not dialog.keep_both_button.isVisible()
    type_name(dialog, "Cell")
    assert dialog.hint.text().startswith("My blocks already contains a block named Cell.")
    assert dialog.save_button.text() == "&Replace"
    QTest.keyClick(dialog.name_field, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.name) == (SaveBlockDialog.DialogCode.Accepted, "Cell")


def test_both_blocks_can_be_kept(dialog: SaveBlockDialog) -> None:
    type_name(dialog, "Cell")
    assert dialog.keep_both_button.toolTip() == "Save this block as Cell 2"
    QTest.mouseClick(dialog.keep_both_button, Qt.MouseButton.LeftButton)
    assert (dialog.result(), dialog.name) == (SaveBlockDialog.DialogCode.Accepted, "Cell 2")
