"""A button with a muted caption, a bold value and a menu: `Data  MNIST ▾`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter

from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.menu_heading import clear_menu

_MARGIN = 12
_GAP = 7
_ARROW = 16
_MAX_VALUE_WIDTH = 190.0


class MenuButton(QPushButton):
    """Opens a menu that is filled each time it opens."""

    def __init__(self, caption: str, fill_menu: Callable[[QMenu], None], tip: str) -> None:
        """`fill_menu` adds the actions to the menu before it opens."""
        super().__init__()
        self.caption = caption
        self.fill_menu = fill_menu
        """Adds the actions to a menu."""
        self._value = ""
        self._tip = tip
        self.popup_menu = QMenu(self)
        self.popup_menu.aboutToShow.connect(self._refill)
        self.clicked.connect(self._open)
        self.setAccessibleName(caption or tip)
        self.setToolTip(tip)

    @property
    def value(self) -> str:
        """The value shown after the caption."""
        return self._value

    def show_value(self, value: str, details: str = "") -> None:
        """Show a value; `details` are appended to the tooltip."""
        self.setToolTip(f"{self._tip}\n{details}" if details else self._tip)
        if value != self._value:
            self._value = value
            self.setAccessibleDescription(value)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of caption, value and arrow."""
        caption, value = self._metrics()
        width = 2 * _MARGIN + _ARROW + min(value.horizontalAdvance(self._value), _MAX_VALUE_WIDTH)
        if self.caption:
            width += caption.horizontalAdvance(self.caption) + _GAP
        return QSize(round(width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the full size, because an elided value is useless."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame from the style sheet, then caption, value and arrow."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style_painter = QStylePainter(self)
        style_painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        style_painter.end()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        rect = QRectF(self.rect()).adjusted(_MARGIN, 0, -_MARGIN, 0)
        caption, value = self._metrics()
        if self.caption:
            painter.setPen(theme.colour("muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.caption)
            rect.adjust(caption.horizontalAdvance(self.caption) + _GAP, 0, 0, 0)
        painter.setFont(self._bold_font())
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        rect.adjust(0, 0, -_ARROW, 0)
        text = value.elidedText(self._value, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(theme.colour("muted"), 1.5))
        arrow_tip = QPointF(self.width() - _MARGIN - 4, self.height() / 2 + 2)
        painter.drawPolyline([arrow_tip + QPointF(-4, -4), arrow_tip, arrow_tip + QPointF(4, -4)])
        painter.end()

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return QFontMetricsF(self.font()), QFontMetricsF(self._bold_font())

    def _bold_font(self) -> QFont:
        return text_font(0, QFont.Weight.DemiBold)

    def _open(self) -> None:
        self.popup_menu.popup(self.mapToGlobal(QPointF(0, self.height() + 2).toPoint()))

    def _refill(self) -> None:
        clear_menu(self.popup_menu)
        self.fill_menu(self.popup_menu)
