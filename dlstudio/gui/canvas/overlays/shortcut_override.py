"""Keys that a field over the canvas needs for itself."""

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
    """Keep a key from the canvas's shortcuts while a field over it is typed in.

    Returns:
        Whether the event was such a key; it then comes again as a plain key press.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in _FIELD_KEYS or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    event.accept()
    return True
