"""The frame of the page's panels: a title, a remark beside it, and the content below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.gui.widgets.basic_widgets import label


def panel_frame(widget: QWidget, title: str | QWidget, *beside: QWidget) -> QVBoxLayout:
    """Give a widget a title and return the layout below it."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(16, 12, 12, 12)
    column.setSpacing(8)
    column.addLayout(title_row(title, *beside))
    return column


def title_row(title: str | QWidget, *beside: QWidget) -> QHBoxLayout:
    """Return a row with a title to the left and widgets to the right."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label(title, "title") if isinstance(title, str) else title)
    row.addStretch(1)
    for widget in beside:
        row.addWidget(widget)
    return row
