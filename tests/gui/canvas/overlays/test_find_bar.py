from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.canvas.canvas_pointer import SHIFT, chain


def test_find_bar_steps_through_the_matches(canvas):
    pointer = canvas(chain("input", "relu", "tanh", "relu"))
    pointer.editor.open_find_bar()
    field = pointer.editor.overlays.find_bar.field
    QTest.keyClicks(field, "relu")
    assert pointer.editor.overlays.find_bar.count.text() == "1 of 2"
    assert pointer.document.selection == {"relu_1"}
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pointer.document.selection == {"relu_3"}
    QTest.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert pointer.document.selection == {"relu_1"}
    QTest.keyClicks(field, "xyz")
    assert pointer.editor.overlays.find_bar.count.text() == "No match"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert pointer.editor.overlays.find_bar.isHidden()
