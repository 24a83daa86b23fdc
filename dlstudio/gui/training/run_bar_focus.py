"""Keeps the keyboard focus on the run's buttons where the next press is harmless.

Qt moves the focus of a widget that is disabled to the next one in the tab order, from *Train* to
*Reset*.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from dlstudio.gui.widgets.basic_widgets import has_focus, pass_focus

_SUCCESSORS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "pause"),
    "advice": ("train", "pause"),
    "pause": ("pause", "train"),
    "step": ("step", "pause"),
    "step-epoch": ("step-epoch", "pause"),
    "stop": ("stop", "train"),
    "reset": ("reset", "train"),
}
"""Where the focus of each button goes, best first; the first that is enabled gets it."""


class RunBarFocus:
    """Enables and disables the buttons, and returns the focus when its button is usable again."""

    def __init__(self, buttons: Mapping[str, QWidget], refuge: QWidget) -> None:
        """`refuge` is always enabled, and holds the focus while no other button may."""
        self._buttons = buttons
        self._refuge = refuge
        self._wanted = ""
        """The button that had the focus before this object moved it."""
        self._holder: QWidget | None = None
        """The widget to which the focus was moved."""

    def enable(self, enabled: Mapping[str, bool]) -> None:
        """Enable the buttons with these names, and disable the others."""
        wanted = self._wanted_button()
        for name, is_enabled in enabled.items():
            if is_enabled:
                self._buttons[name].setEnabled(True)
        if wanted:
            usable = [self._buttons[name] for name in _SUCCESSORS[wanted] if enabled[name]]
            current = self._holder or self._buttons[wanted]
            if not usable or usable[0] is not current:
                pass_focus(current, *usable, self._refuge)
            self._wanted, self._holder = wanted, next(iter(usable), self._refuge)
        for name, is_enabled in enabled.items():
            self._buttons[name].setEnabled(is_enabled)

    def hide(self, widget: QWidget) -> None:
        """Hide a widget of the bar; its focus goes to the refuge."""
        pass_focus(widget, self._refuge)
        widget.hide()

    def _wanted_button(self) -> str:
        if self._holder is not None and has_focus(self._holder):
            return self._wanted
        self._wanted, self._holder = "", None
        return next((name for name, widget in self._buttons.items() if has_focus(widget)), "")
