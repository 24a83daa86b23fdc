"""Keys pressed on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.gui.canvas.canvas_pointer import SHIFT


def test_arrow_keys_nudge_the_selection_in_one_undo_step(network):
    before = network.project
    network.click(network.centre("relu_1"))
    for _ in range(3):
        network.key(Qt.Key.Key_Right)
    network.key(Qt.Key.Key_Down, SHIFT)
    assert network.layout.positions["relu_1"] == (270.0, 1.0)
    network.undo.undo()
    assert network.project is before


def test_arrow_keys_pan_without_a_selection(network):
    offset = network.editor.context.camera.offset
    network.key(Qt.Key.Key_Right)
    assert network.editor.context.camera.offset.x() > offset.x()


def test_enter_requests_the_inspector(network, qtbot):
    with qtbot.waitSignal(network.editor.inspector_requested):
        network.key(Qt.Key.Key_Return)


def test_escape_clears_the_selection(network):
    network.editor.select_all()
    network.key(Qt.Key.Key_Escape)
    assert not network.document.selection
