"""Keys that a text field over the canvas needs in place of the canvas shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

_FIELD_KEYS = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Escape,
    }
)


def accept_shortcut_override(event: QEvent) -> bool:
    """Accept the shortcut override of a key that a focused field handles itself.

    Returns:
        Whether the event was such a key; Qt then sends it again as a key press.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in _FIELD_KEYS or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    event.accept()
    return True
