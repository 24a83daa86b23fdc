"""The bubble's row of buttons; it breaks into as many rows as its width asks for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

_GAP = 8


class FixButtons(QWidget):
    """Holds buttons from left to right; a name wider than the whole row is elided."""

    def __init__(self, parent: QWidget) -> None:
        """Hold nothing at first."""
        super().__init__(parent)
        self.buttons: list[QPushButton] = []

    def clear(self) -> None:
        """Take all buttons away."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []

    def add(self, title: str, look: str = "") -> QPushButton:
        """Add a button at the end."""
        button = QPushButton(title, self)
        button.setAccessibleName(title)
        if look:
            button.setProperty("look", look)
        self.buttons.append(button)
        button.show()
        return button

    def arrange(self, width: int) -> None:
        """Put the buttons in rows of `width`, and take the height they need."""
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
    """Write as much of a button's name as finds room; return the size of the whole."""
    title = button.accessibleName()
    button.ensurePolished()
    button.setText(title)
    button.setToolTip("")
    size = button.sizeHint()
    if size.width() > width:
        metrics = button.fontMetrics()
        room = width - (size.width() - metrics.horizontalAdvance(title))
        button.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, room))
        button.setToolTip(title)
    return size
