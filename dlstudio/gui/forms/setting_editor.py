"""What the editor of any type of setting has: its declaration, an error and an action."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.gui.widgets.basic_widgets import button, label
from dlstudio.layers.framework.settings import Setting

_MAX_ERROR_LENGTH = 240
"""An error may quote the text of the field, which may be very long."""


class SettingEditor(QWidget):
    """Shows the value of one setting and emits `edited` when the user changes it.

    Invalid text stays in the field, with a red border and the reason below.
    """

    edited = Signal(object)
    """The new value, validated by the declaration."""
    action_triggered = Signal()
    parameter_requested = Signal()
    """The value should become a new block parameter."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.setToolTip(setting.help)
        self._error_label = label(role="error", wrap=True)
        self._error_label.setMinimumWidth(1)
        self._error_label.hide()
        self.action_button = button("", self.action_triggered.emit, look="quiet")
        self.action_button.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_value(self, value: Value) -> None:
        """Show a value without emitting `edited`."""
        raise NotImplementedError

    def show_mixed(self) -> None:
        """Show that the selected cards have different values."""
        raise NotImplementedError

    def needed_width(self) -> int:
        """Return the width at which the whole value is shown; 0 if any width does."""
        return 0

    def show_automatic(self, value: Value) -> None:
        """Show the number that is used while the value is None; only numbers can be automatic."""

    def show_error(self, reason: str) -> None:
        """Show why the value is invalid; an empty reason clears the error."""
        if len(reason) > _MAX_ERROR_LENGTH:
            reason = f"{reason[:_MAX_ERROR_LENGTH]}…"
        self._error_label.setText(reason)
        self._error_label.setVisible(bool(reason))

    def show_action(self, text: str, tip: str = "") -> None:
        """Show a button below the value; an empty text hides it."""
        self.action_button.setText(text)
        self.action_button.setToolTip(tip)
        self.action_button.setVisible(bool(text))

    @property
    def error_text(self) -> str:
        """Why the value is invalid, or empty."""
        return self._error_label.text()

    def _set_control(self, control: QWidget) -> None:
        self.setFocusProxy(control)
        control.setAccessibleName(self.setting.title)
        self._column.addWidget(control)
        self._column.addWidget(self._error_label)
        self._column.addWidget(self.action_button, 0, Qt.AlignmentFlag.AlignLeft)
