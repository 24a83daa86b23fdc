"""The canvas's own keys; all other shortcuts are in `gui/actions/action_table.py`."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from dlstudio.gui.canvas.commands.arranging import nudge
from dlstudio.gui.canvas.commands.editing import delete_selection
from dlstudio.gui.canvas.commands.grouping import leave_block
from dlstudio.gui.canvas.commands.navigation import DIRECTIONS
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import GRID

_ARROWS = {
    Qt.Key.Key_Left: DIRECTIONS["left"],
    Qt.Key.Key_Right: DIRECTIONS["right"],
    Qt.Key.Key_Up: DIRECTIONS["up"],
    Qt.Key.Key_Down: DIRECTIONS["down"],
}
_PAN_STEP = 80.0


def handle_key(context: CanvasContext, event: QKeyEvent) -> bool:
    """Handle a key press; return False if the canvas does not use the key.

    Arrows move the selection by one grid step (Shift: one scene unit), or pan if nothing is
    selected. Tab opens the search box, Enter the inspector, Esc clears the selection or leaves
    the block. Delete cuts a selected wire: the action of that key requires selected cards.
    """
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    direction = _ARROWS.get(key)
    if direction is not None:
        return _handle_arrow(context, direction, modifiers)
    if modifiers:
        return False
    if key == Qt.Key.Key_Tab:
        context.search_requested.emit(context.search_request())
    elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        context.inspector_requested.emit()
    elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and context.selected_wire():
        delete_selection(context)
    elif key == Qt.Key.Key_Escape:
        _clear_selection_or_leave(context)
    else:
        return False
    return True


def _handle_arrow(
    context: CanvasContext, direction: QPointF, modifiers: Qt.KeyboardModifier
) -> bool:
    if modifiers & ~Qt.KeyboardModifier.ShiftModifier:
        return False
    if context.document.selection:
        fine = modifiers == Qt.KeyboardModifier.ShiftModifier
        nudge(context, direction * (1.0 if fine else GRID))
    else:
        context.camera.pan(direction * -_PAN_STEP)
        context.camera_changed.emit()
    return True


def _clear_selection_or_leave(context: CanvasContext) -> None:
    """Clear the selection; with nothing selected, leave the block."""
    if context.document.selection or context.selected_wire():
        context.select_wire("")
        context.document.set_selection(())
    else:
        leave_block(context)
