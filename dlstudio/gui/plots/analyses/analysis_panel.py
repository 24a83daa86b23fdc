"""The layout of an analysis run on demand: toolbar, placeholder and result."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.widgets.basic_widgets import placeholder_label

BUSY_HINT = "The result appears here."


class AnalysisPanel(QWidget):
    """Shows a placeholder until there is a result."""

    def __init__(self, document: Document, toolbar: AnalysisToolbar) -> None:
        """Use `toolbar`; `build_layout` adds the result's widgets."""
        super().__init__()
        self.toolbar = toolbar
        self._placeholder = placeholder_label()
        self._stack = QStackedWidget()
        toolbar.task.failed.connect(lambda text, _details: document.message.emit(text))

    @property
    def has_result(self) -> bool:
        """Whether the result is shown."""
        return self._stack.currentIndex() == 1

    def build_layout(
        self, head: QWidget | QLayout, middle: QLayout, side: QWidget | None = None
    ) -> None:
        """Lay out the result below the toolbar.

        Args:
            head: The first line of the result.
            middle: The layout of its other parts.
            side: A widget beside result and placeholder, always visible.
        """
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
        row = QHBoxLayout()
        row.setSpacing(16)
        if side is not None:
            row.addWidget(side)
        row.addWidget(self._stack, 1)
        outer.addLayout(row, 1)

    def set_placeholder(self, text: str, *, usable: bool) -> None:
        """Set the placeholder text; the toolbar is hidden unless the analysis is usable."""
        self.toolbar.setVisible(usable)
        self._placeholder.setText(text)

    def set_result_visible(self, *, visible: bool) -> None:
        """Show the result or the placeholder."""
        self._stack.setCurrentIndex(1 if visible else 0)
