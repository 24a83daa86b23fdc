"""The small coloured square of a layer category."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dlstudio.gui.style.theme import current_theme


class CategorySwatch(QWidget):
    """A square in the colour of a layer category, 10 × 20 pixels."""

    def __init__(self, category: str) -> None:
        super().__init__()
        self._category = category
        self.setFixedSize(QSize(10, 20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current_theme().category(self._category))
        painter.drawRoundedRect(QRectF(0, self.height() / 2 - 5, 10, 10), 2.5, 2.5)
        painter.end()
