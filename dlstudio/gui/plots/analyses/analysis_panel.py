"""The layout of an analysis run on demand: toolbar, placeholder and result."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.widgets.basic_widgets import label


class AnalysisPanel(QWidget):
    """Shows a placeholder until there is a result."""

    def __init__(self, document: Document, toolbar: AnalysisToolbar) -> None:
        """Use `toolbar`; `build_layout` adds the result's widgets."""
        super().__init__()
        self.toolbar = toolbar
        self._placeholder = label("", "muted")
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        toolbar.task.failed.connect(lambda text, _details: document.message.emit(text))

    def build_layout(self, head: QWidget | QLayout, middle: QLayout) -> None:
        """Lay out the result below the toolbar: `head` is its first line, `middle` the rest."""
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
        """Set the placeholder text; the toolbar is hidden unless the analysis is usable."""
        self.toolbar.setVisible(usable)
        self._placeholder.setText(text)

    def set_result_visible(self, *, visible: bool) -> None:
        """Show the result or the placeholder."""
        self._stack.setCurrentIndex(1 if visible else 0)
