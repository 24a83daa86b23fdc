"""Headings in menus, and menus that are emptied.

Qt's own `addSection` loses its text if a style sheet draws the separators.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidgetAction

from dlstudio.gui.widgets.basic_widgets import label


def add_heading(menu: QMenu, text: str) -> None:
    """Add a heading to a menu, with a separator above it unless the menu is empty."""
    if menu.actions():
        menu.addSeparator()
    heading_label = label(text, "caption")
    heading_label.setContentsMargins(10, 4, 10, 4)
    heading = QWidgetAction(menu)
    heading.setText(text)
    heading.setDefaultWidget(heading_label)
    heading.setEnabled(False)
    menu.addAction(heading)


def clear_menu(menu: QMenu) -> None:
    """Empty a menu with all its submenus, which `QMenu.clear` would keep."""
    submenus = menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    menu.clear()
    for submenu in submenus:
        submenu.deleteLater()
