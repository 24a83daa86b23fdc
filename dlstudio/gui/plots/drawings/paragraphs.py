"""Draws plain text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.insight.views.values import Text


class TextDrawing(QScrollArea):
    """Text that wraps and can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.body = label(wrap=True)
        self.body.setTextFormat(Qt.TextFormat.PlainText)
        self.body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(self.body)
        self.setMinimumSize(QSize(120, 60))

    def show_value(self, text: Text) -> None:
        """Replace the text shown."""
        self.setAccessibleName(text.title)
        self.body.setText(text.text)
