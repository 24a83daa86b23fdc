"""What the canvas's own keys do; all other shortcuts stand in the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from dlstudio.gui.canvas.commands.arranging import nudge
from dlstudio.gui.canvas.commands.editing import delete_selection
from dlstudio.gui.canvas.commands.grouping import leave_block
from dlstudio.gui.canvas.commands.walking import WAYS
from dlstudio.gui.canvas.geometry import GRID
from dlstudio.gui.canvas.stage import Stage

_ARROWS = {
    Qt.Key.Key_Left: WAYS["left"],
    Qt.Key.Key_Right: WAYS["right"],
    Qt.Key.Key_Up: WAYS["up"],
    Qt.Key.Key_Down: WAYS["down"],
}
_PAN_STEP = 80.0


def press_key(stage: Stage, event: QKeyEvent) -> bool:
    """Do what a key stands for; False where the canvas has no use for it.

    Arrows move the selection by one grid step (Shift: one unit), and pan where nothing is
    selected. Tab searches, Enter inspects, Esc lets go.
    Delete cuts a chosen wire: the action of that key asks for selected cards.
    """
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    direction = _ARROWS.get(key)
    if direction is not None:
        return _arrow(stage, direction, modifiers)
    if modifiers:
        return False
    if key == Qt.Key.Key_Tab:
        stage.search_wanted.emit(stage.search_here())
    elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        stage.inspector_wanted.emit()
    elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and stage.single_wire():
        delete_selection(stage)
    elif key == Qt.Key.Key_Escape:
        _let_go(stage)
    else:
        return False
    return True


def _arrow(stage: Stage, way: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
    if modifiers & ~Qt.KeyboardModifier.ShiftModifier:
        return False
    if stage.document.selection:
        fine = modifiers == Qt.KeyboardModifier.ShiftModifier
        nudge(stage, way * (1.0 if fine else GRID))
    else:
        stage.camera.pan(way * -_PAN_STEP)
        stage.camera_changed.emit()
    return True


def _let_go(stage: Stage) -> None:
    """Drop the selection; with nothing selected, leave the block."""
    if stage.document.selection or stage.single_wire():
        stage.choose_wire("")
        stage.document.set_selection(())
    else:
        leave_block(stage)
