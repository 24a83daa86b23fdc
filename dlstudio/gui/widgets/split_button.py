"""A button of two halves: a main action, and an arrow that opens a menu of others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import set_style_property
from dlstudio.gui.widgets.menu_heading import clear_menu

ARROW_WIDTH = 26


class SplitButton(QWidget):
    """Two push buttons side by side that look like one."""

    def __init__(self, main: QPushButton, fill_menu: Callable[[QMenu], None], tip: str) -> None:
        """`fill_menu` adds the actions before the menu opens; `tip` also names the arrow."""
        super().__init__()
        self.main = main
        self.arrow = _ArrowButton()
        self.arrow.setAccessibleName(tip)
        self.arrow.setToolTip(tip)
        self.popup_menu = QMenu(self)
        self.popup_menu.aboutToShow.connect(self._refill)
        self._fill_menu = fill_menu
        self.arrow.clicked.connect(self._open)
        main.setProperty("half", "left")
        self.arrow.setProperty("half", "right")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(main)
        row.addWidget(self.arrow)

    def set_look(self, look: str) -> None:
        """Set the look of both halves in the style sheet."""
        set_style_property(self.main, "look", look)
        set_style_property(self.arrow, "look", look)

    def _open(self) -> None:
        self.popup_menu.popup(self.mapToGlobal(QPointF(0, self.height() + 2).toPoint()))

    def _refill(self) -> None:
        clear_menu(self.popup_menu)
        self._fill_menu(self.popup_menu)


class _ArrowButton(QPushButton):
    """The narrow right half, with an arrow in the colour of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(ARROW_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, then the arrow."""
        super().paintEvent(event)
        theme = current_theme()
        is_primary = self.property("look") == "primary" and self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("on_accent" if is_primary else "muted"), 1.5))
        tip = QPointF(self.width() / 2, self.height() / 2 + 2)
        painter.drawPolyline([tip + QPointF(-4, -4), tip, tip + QPointF(4, -4)])
        painter.end()
