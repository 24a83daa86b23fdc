"""The frame of a view that works when asked: its bar, words while it waits, what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.widgets.basic_widgets import label


class AnalysisPanel(QWidget):
    """Shows words until something was found."""

    def __init__(self, document: Document, toolbar: AnalysisToolbar) -> None:
        """Have the bar; the rest is laid out by `build_layout`."""
        super().__init__()
        self.toolbar = toolbar
        self._placeholder = label("", "muted")
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        toolbar.task.failed.connect(lambda text, _details: document.message.emit(text))

    def build_layout(self, head: QWidget | QLayout, middle: QLayout) -> None:
        """Put what is shown of a find below the bar: a line, and the rest."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if isinstance(head, QWidget):
            column.addWidget(head)
        else:
            column.addLayout(head)
        column.addLayout(middle, 1)
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(6)
        outer.addWidget(self.toolbar)
        outer.addWidget(self._stack, 1)

    def set_placeholder(self, text: str, *, usable: bool) -> None:
        """Say what comes next; without use here the bar is hidden."""
        self.toolbar.setVisible(usable)
        self._placeholder.setText(text)

    def set_result_visible(self, *, visible: bool) -> None:
        """Show what was found, or the words."""
        self._stack.setCurrentIndex(1 if visible else 0)
