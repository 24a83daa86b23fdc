"""The problem popup's buttons, wrapped into as many rows as needed."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from dlstudio.gui.widgets.basic_widgets import ShrinkingButton

_GAP = 8


class FixButtons(QWidget):
    """Buttons from left to right; a title wider than the whole row is wrapped."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []

    def clear(self) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []

    def add(self, title: str, look: str = "") -> QPushButton:
        button = ShrinkingButton(title)
        button.setParent(self)
        button.setAccessibleName(title)
        if look:
            button.setProperty("look", look)
        self.buttons.append(button)
        button.show()
        return button

    def arrange(self, width: int) -> None:
        """Arrange the buttons in rows of `width` pixels, and set the height they need."""
        x = y = tallest = 0
        for button in self.buttons:
            button.ensurePolished()
            wanted = min(button.sizeHint().width(), width)
            size = QSize(wanted, button.heightForWidth(wanted))
            if x and x + size.width() > width:
                x, y, tallest = 0, y + tallest + _GAP, 0
            button.setGeometry(x, y, size.width(), size.height())
            x += size.width() + _GAP
            tallest = max(tallest, size.height())
        self.setFixedHeight(y + tallest)
