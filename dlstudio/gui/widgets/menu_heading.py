"""A line of text that heads a part of a menu.

Qt's own sections lose their text where a style sheet draws the separators.
"""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidgetAction

from dlstudio.gui.widgets.basic_widgets import label


def add_heading(menu: QMenu, text: str) -> None:
    """Begin a new part of a menu, below a rule where something stands above it."""
    if menu.actions():
        menu.addSeparator()
    heading_label = label(text, "caption")
    heading_label.setContentsMargins(10, 4, 10, 4)
    heading = QWidgetAction(menu)
    heading.setText(text)
    heading.setDefaultWidget(heading_label)
    heading.setEnabled(False)
    menu.addAction(heading)
