"""Undo and redo by their shortcuts, with the focus on the canvas of the main window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.window.main_window import MainWindow
from tests.gui.canvas.canvas_pointer import CTRL, SHIFT, Pointer, chain


def test_undo_removes_a_wire_and_redo_restores_it(window: MainWindow, qtbot: QtBot) -> None:
    window.document.load(chain("input", "relu", wired=False), None)
    pointer = Pointer(window.editor)
    qtbot.waitUntil(window.isActiveWindow)

    pointer.drag(pointer.port("input_0", output=True), pointer.port("relu_1"))
    assert pointer.wires == {("input_0", "relu_1")}
    assert pointer.view.hasFocus()

    pointer.key(Qt.Key.Key_Z, CTRL)
    assert not pointer.wires
    pointer.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert pointer.wires == {("input_0", "relu_1")}
    assert window.editor.context.scene.wires.keys() == pointer.graph.edges.keys()
