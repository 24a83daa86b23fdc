"""Notes and titles edited on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


def test_note_is_edited_in_place(network):
    network.editor.add_note()
    note_editor = network.editor.overlays.note_editor
    assert note_editor.isVisible()
    QTest.keyClicks(note_editor, "Look at the slope")
    QTest.keyClick(note_editor, Qt.Key.Key_Escape)
    assert "Look at the slope" in {note.text for note in network.layout.notes.values()}
    network.double_click((100, 290))
    QTest.keyClicks(note_editor, "Changed")
    QTest.keyClick(note_editor, Qt.Key.Key_Escape)
    assert network.layout.notes["note_1"].text == "Changed"


def test_new_note_without_text_is_removed(network):
    network.editor.add_note()
    QTest.keyClick(network.editor.overlays.note_editor, Qt.Key.Key_Escape)
    assert set(network.layout.notes) == {"note_1"}


def test_card_is_renamed_in_place(network):
    network.click(network.centre("relu_1"))
    network.editor.rename_selection()
    QTest.keyClicks(network.editor.overlays.title_editor, "Gate")
    QTest.keyClick(network.editor.overlays.title_editor, Qt.Key.Key_Return)
    assert network.graph.nodes["relu_1"].title == "Gate"
    network.editor.rename_selection()
    QTest.keyClicks(network.editor.overlays.title_editor, "Other")
    QTest.keyClick(network.editor.overlays.title_editor, Qt.Key.Key_Escape)
    assert network.graph.nodes["relu_1"].title == "Gate"
