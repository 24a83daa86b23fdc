"""The problem popup's buttons, wrapped into as many rows as needed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

_GAP = 8


class FixButtons(QWidget):
    """Buttons from left to right; a title wider than the whole row is elided."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []

    def clear(self) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []

    def add(self, title: str, look: str = "") -> QPushButton:
        button = QPushButton(title, self)
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
            size = _fit_text(button, width)
            if x and x + size.width() > width:
                x, y, tallest = 0, y + tallest + _GAP, 0
            button.setGeometry(x, y, min(size.width(), width), size.height())
            x += size.width() + _GAP
            tallest = max(tallest, size.height())
        self.setFixedHeight(y + tallest)


def _fit_text(button: QPushButton, width: int) -> QSize:
    """Elide a button's title to `width` pixels; return the size of the whole title."""
    title = button.accessibleName()
    button.ensurePolished()
    button.setText(title)
    button.setToolTip("")
    size = button.sizeHint()
    if size.width() > width:
        metrics = button.fontMetrics()
        available = width - (size.width() - metrics.horizontalAdvance(title))
        button.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, available))
        button.setToolTip(title)
    return size
