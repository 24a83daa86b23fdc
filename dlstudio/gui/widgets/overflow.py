"""The overflow of a narrow bar: buttons lose their text first, then move to a “⋯” menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from dlstudio.gui.widgets.menu_button import MenuButton
from dlstudio.gui.widgets.menu_heading import clear_menu

ICON_GAP = 5
"""Pixels between a button's icon and its text."""


class OverflowButton(QPushButton):
    """Opens a menu with the hidden buttons; invisible while everything fits."""

    def __init__(
        self,
        menu_buttons: Iterable[MenuButton],
        buttons: Mapping[str, QPushButton],
        command: Callable[[str], None],
    ) -> None:
        """`command` is called with the name of a chosen entry of `buttons`."""
        super().__init__()
        self._menu_buttons = tuple(menu_buttons)
        self._buttons = buttons
        self._command = command
        self.setAccessibleName("More")
        self.setToolTip("More commands")
        self.popup_menu = QMenu(self)
        self.popup_menu.aboutToShow.connect(self._fill)
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().height() + 4, super().sizeHint().height())

    def _open(self) -> None:
        self.popup_menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _fill(self) -> None:
        menu = self.popup_menu
        clear_menu(menu)
        for menu_button in self._menu_buttons:
            if menu_button.isHidden():
                menu_button.fill_menu(
                    menu.addMenu(" · ".join(filter(None, (menu_button.caption, menu_button.value))))
                )
        for name, button in self._buttons.items():
            if button.isHidden():
                action = menu.addAction(button.accessibleName())
                action.setIcon(button.icon())
                action.setEnabled(button.isEnabled())
                action.triggered.connect(partial(self._run_command, name))

    def _run_command(self, name: str, _checked: bool = False) -> None:
        self._command(name)


def text_width(button: QPushButton) -> int:
    """Return the width in pixels of a button's name and the gap to its icon."""
    return button.fontMetrics().horizontalAdvance(button.accessibleName()) + ICON_GAP


def label_width(label: QLabel, text: str) -> int:
    """Return the width in pixels of a label with another text."""
    metrics = label.fontMetrics()
    padding = label.sizeHint().width() - metrics.horizontalAdvance(label.text())
    return padding + metrics.horizontalAdvance(text)


def show_button_text(buttons: Iterable[QPushButton], *, visible: bool) -> None:
    """Show the buttons' names as text, or only their icons."""
    for button in buttons:
        text = button.accessibleName() if visible else ""
        if button.text() != text:
            button.setText(text)


def hidden_widgets(
    available_width: int, spacing: int, widths: Mapping[QWidget, int], hide_order: Sequence[QWidget]
) -> list[QWidget]:
    """Return the widgets to hide, in `hide_order`, until the others fit."""
    hidden: list[QWidget] = []
    required_width = sum(widths.values()) + spacing * len(widths)
    for widget in hide_order:
        if required_width <= available_width:
            break
        if widget in widths:
            hidden.append(widget)
            required_width -= widths[widget] + spacing
    return hidden
