"""A popup that opens beside a button and stays open until a click outside or Escape.

A menu would close as soon as a combo box inside it is used.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

_GAP = 3


class Popover(QFrame):
    """Holds one widget, which may be replaced while the popup is open."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor, Qt.WindowType.Popup)
        self.setProperty("surface", "popover")
        self._anchor = anchor
        self._widget: QWidget | None = None
        self.focus_target: QWidget | None = None
        """The widget that gets keyboard focus on opening."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)

    def set_widget(self, widget: QWidget, focus_target: QWidget | None = None) -> None:
        """Replace the widget."""
        previous, self._widget, self.focus_target = self._widget, widget, focus_target
        if previous is not None:
            previous.hide()
            self._column.removeWidget(previous)
            previous.deleteLater()
        self._column.addWidget(widget)
        widget.show()
        if self.isVisible():
            self._reposition()

    def open(self) -> None:
        """Open as near to the anchor as the screen allows."""
        self._reposition()
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Set the keyboard focus."""
        super().showEvent(event)
        if self.focus_target is not None:
            self.focus_target.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _reposition(self) -> None:
        """Move below the anchor, or above it if it would leave the screen."""
        self.adjustSize()
        anchor, screen = self._anchor, self._anchor.screen().availableGeometry()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height() + _GAP))
        if corner.y() + self.height() > screen.bottom():
            above = anchor.mapToGlobal(QPoint(0, -_GAP)).y() - self.height()
            corner.setY(max(above, screen.top()))
        corner.setX(max(corner.x(), screen.left()))
        self.move(corner)
