"""The frame of a view that works when asked: its bar, words while it waits, what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import label
from dlstudio.gui.plots.look_bar import LookBar


class SlowPanel(QWidget):
    """Shows words until something was found."""

    def __init__(self, document: Document, bar: LookBar) -> None:
        """Have the bar; the rest is laid out by `lay_out`."""
        super().__init__()
        self.bar = bar
        self._waiting = label("", "muted")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        bar.look.failed.connect(lambda text, _details: document.message.emit(text))

    def lay_out(self, head: QWidget | QLayout, middle: QLayout) -> None:
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
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(6)
        outer.addWidget(self.bar)
        outer.addWidget(self._stack, 1)

    def wait(self, text: str, *, usable: bool) -> None:
        """Say what comes next; without use here the bar is hidden."""
        self.bar.setVisible(usable)
        self._waiting.setText(text)

    def show_found(self, *, there: bool) -> None:
        """Show what was found, or the words."""
        self._stack.setCurrentIndex(1 if there else 0)
