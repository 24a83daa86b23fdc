"""The hint on an empty canvas: three ways to start a network."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest


class EmptyHint(QWidget):
    """Shown at the centre of the canvas while it is empty."""

    examples_requested = Signal()

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._container = parent
        self._context = context
        self._suppressed = False
        heading = QLabel("Draw a network", self)
        heading.setProperty("role", "heading")
        text = QLabel(
            "Drag a layer here, press Tab to search, or open an example.\n"
            "A network begins with an Input and ends with an Output.",
            self,
        )
        text.setProperty("role", "muted")
        search = QPushButton("Search layers…", self)
        search.setProperty("look", "primary")
        search.clicked.connect(self._search)
        examples = QPushButton("Open an example", self)
        examples.clicked.connect(self.examples_requested)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(search)
        buttons.addWidget(examples)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for label in (heading, text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addLayout(buttons)
        context.scene.changed.connect(self.refresh)

    def suppress(self, suppressed: bool) -> None:
        """Stay hidden while a design is being opened."""
        self._suppressed = suppressed
        self.refresh()

    def refresh(self) -> None:
        """Show the hint centred, or hide it if the canvas has cards or notes."""
        scene = self._context.scene
        if self._suppressed or scene.cards or scene.notes:
            self.hide()
            return
        self.show()
        self.adjustSize()
        available = self._container.size()
        self.move(
            (available.width() - self.width()) // 2, (available.height() - self.height()) // 2
        )

    def _search(self) -> None:
        self._context.search_requested.emit(SearchRequest(self._context.centre()))
