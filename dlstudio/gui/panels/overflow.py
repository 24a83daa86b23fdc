"""What a narrow bar has no room for: smaller buttons first, then a menu behind “⋯”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from dlstudio.gui.panels.drop_button import DropButton

ICON_GAP = 5
"""Between a button's icon and its text."""


class Overflow(QPushButton):
    """Opens a menu with what was left out; hidden while everything has room."""

    def __init__(
        self,
        drops: Iterable[DropButton],
        buttons: Mapping[str, QPushButton],
        command: Callable[[str], None],
    ) -> None:
        """Stand in for `drops` and for `buttons`, whose names `command` takes."""
        super().__init__()
        self._drops = tuple(drops)
        self._buttons = buttons
        self._command = command
        self.setAccessibleName("More")
        self.setToolTip("What finds no room in the bar")
        self.drop = QMenu(self)
        self.drop.aboutToShow.connect(self._fill)
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        """Return a square's room."""
        return QSize(super().sizeHint().height() + 4, super().sizeHint().height())

    def _open(self) -> None:
        self.drop.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _fill(self) -> None:
        self.drop.clear()
        for menu_button in self._drops:
            if menu_button.isHidden():
                menu_button.fill(
                    self.drop.addMenu(
                        " · ".join(filter(None, (menu_button.word, menu_button.value)))
                    )
                )
        for name, button in self._buttons.items():
            if button.isHidden():
                action = self.drop.addAction(button.accessibleName())
                action.setIcon(button.icon())
                action.setEnabled(button.isEnabled())
                action.triggered.connect(partial(self._take, name))

    def _take(self, name: str, _checked: bool = False) -> None:
        self._command(name)


def text_width(button: QPushButton) -> int:
    """Return the width that a button's name takes beside its icon."""
    return button.fontMetrics().horizontalAdvance(button.accessibleName()) + ICON_GAP


def label_width(shown: QLabel, text: str) -> int:
    """Return the width that a label would take with another text."""
    metrics = shown.fontMetrics()
    padding = shown.sizeHint().width() - metrics.horizontalAdvance(shown.text())
    return padding + metrics.horizontalAdvance(text)


def name_buttons(buttons: Iterable[QPushButton], *, shown: bool) -> None:
    """Write the names on the buttons, or leave them to the icons and the tool tips."""
    for button in buttons:
        text = button.accessibleName() if shown else ""
        if button.text() != text:
            button.setText(text)


def left_out(
    room: int, gap: int, widths: Mapping[QWidget, int], order: Sequence[QWidget]
) -> list[QWidget]:
    """Return what has to go until the rest has room, in the order given."""
    hidden: list[QWidget] = []
    required_width = sum(widths.values()) + gap * len(widths)
    for widget in order:
        if required_width <= room:
            break
        if widget in widths:
            hidden.append(widget)
            required_width -= widths[widget] + gap
    return hidden
