"""What a narrow bar has no room for: smaller buttons first, then a menu behind “⋯”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from dlstudio.gui.widgets.menu_button import MenuButton

ICON_GAP = 5
"""Between a button's icon and its text."""


class OverflowButton(QPushButton):
    """Opens a menu with what was left out; hidden while everything has room."""

    def __init__(
        self,
        menu_buttons: Iterable[MenuButton],
        buttons: Mapping[str, QPushButton],
        command: Callable[[str], None],
    ) -> None:
        """Stand in for `menu_buttons` and for `buttons`, whose names `command` takes."""
        super().__init__()
        self._menu_buttons = tuple(menu_buttons)
        self._buttons = buttons
        self._command = command
        self.setAccessibleName("More")
        self.setToolTip("What finds no room in the bar")
        self.popup_menu = QMenu(self)
        self.popup_menu.aboutToShow.connect(self._fill)
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        """Return a square's room."""
        return QSize(super().sizeHint().height() + 4, super().sizeHint().height())

    def _open(self) -> None:
        self.popup_menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _fill(self) -> None:
        self.popup_menu.clear()
        for menu_button in self._menu_buttons:
            if menu_button.isHidden():
                menu_button.fill_menu(
                    self.popup_menu.addMenu(
                        " · ".join(filter(None, (menu_button.caption, menu_button.value)))
                    )
                )
        for name, button in self._buttons.items():
            if button.isHidden():
                action = self.popup_menu.addAction(button.accessibleName())
                action.setIcon(button.icon())
                action.setEnabled(button.isEnabled())
                action.triggered.connect(partial(self._run_command, name))

    def _run_command(self, name: str, _checked: bool = False) -> None:
        self._command(name)


def text_width(button: QPushButton) -> int:
    """Return the width that a button's name takes beside its icon."""
    return button.fontMetrics().horizontalAdvance(button.accessibleName()) + ICON_GAP


def label_width(label: QLabel, text: str) -> int:
    """Return the width that a label would take with another text."""
    metrics = label.fontMetrics()
    padding = label.sizeHint().width() - metrics.horizontalAdvance(label.text())
    return padding + metrics.horizontalAdvance(text)


def show_button_text(buttons: Iterable[QPushButton], *, visible: bool) -> None:
    """Write the names on the buttons, or leave them to the icons and the tool tips."""
    for button in buttons:
        text = button.accessibleName() if visible else ""
        if button.text() != text:
            button.setText(text)


def hidden_widgets(
    available_width: int, spacing: int, widths: Mapping[QWidget, int], hide_order: Sequence[QWidget]
) -> list[QWidget]:
    """Return what has to go until the rest has room, in the order given."""
    hidden: list[QWidget] = []
    required_width = sum(widths.values()) + spacing * len(widths)
    for widget in hide_order:
        if required_width <= available_width:
            break
        if widget in widths:
            hidden.append(widget)
            required_width -= widths[widget] + spacing
    return hidden
