"""A button with a muted word, a value in bold and a menu: `Data  MNIST ▾`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter

from dlstudio.gui.theme import current, text_font

_SIDE = 12
_GAP = 7
_ARROW = 16
_WIDEST = 190.0


class DropButton(QPushButton):
    """Opens a menu that is filled each time anew."""

    def __init__(self, word: str, fill: Callable[[QMenu], None], tip: str) -> None:
        """Show `word` in front of the value; `fill` puts the actions into the menu."""
        super().__init__()
        self.word = word
        self.fill = fill
        """Puts the actions into a menu."""
        self._value = ""
        self._tip = tip
        self.drop = QMenu(self)
        self.drop.aboutToShow.connect(self._refill)
        self.clicked.connect(self._open)
        self.setAccessibleName(word or tip)
        self.setToolTip(tip)

    @property
    def value(self) -> str:
        """What is shown behind the word."""
        return self._value

    def show_value(self, value: str, details: str = "") -> None:
        """Show another value; `details` stand in the tool tip."""
        self.setToolTip(f"{self._tip}\n{details}" if details else self._tip)
        if value != self._value:
            self._value = value
            self.setAccessibleDescription(value)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for word, value and arrow."""
        word, value = self._metrics()
        width = 2 * _SIDE + _ARROW + min(value.horizontalAdvance(self._value), _WIDEST)
        if self.word:
            width += word.horizontalAdvance(self.word) + _GAP
        return QSize(round(width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: a cut value says nothing."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame as the style sheet wants, then the words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style_painter = QStylePainter(self)
        style_painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        style_painter.end()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        rect = QRectF(self.rect()).adjusted(_SIDE, 0, -_SIDE, 0)
        word, value = self._metrics()
        if self.word:
            painter.setPen(theme.colour("muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.word)
            rect.adjust(word.horizontalAdvance(self.word) + _GAP, 0, 0, 0)
        painter.setFont(self._bold())
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        rect.adjust(0, 0, -_ARROW, 0)
        text = value.elidedText(self._value, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(theme.colour("muted"), 1.5))
        arrow_tip = QPointF(self.width() - _SIDE - 4, self.height() / 2 + 2)
        painter.drawPolyline([arrow_tip + QPointF(-4, -4), arrow_tip, arrow_tip + QPointF(4, -4)])
        painter.end()

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return QFontMetricsF(self.font()), QFontMetricsF(self._bold())

    def _bold(self) -> QFont:
        return text_font(0, QFont.Weight.DemiBold)

    def _open(self) -> None:
        self.drop.popup(self.mapToGlobal(QPointF(0, self.height() + 2).toPoint()))

    def _refill(self) -> None:
        self.drop.clear()
        self.fill(self.drop)
