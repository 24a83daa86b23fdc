"""What the page shows before there is data: a place to drop it, or why it cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import button, label

_TEXT_WIDTH = 420
_FORMATS = (
    "A table (CSV), a text, arrays (NPZ), or a folder: of images or WAV sounds with one sub-folder "
    "for each class, or with masks."
)


class EmptyView(QWidget):
    """A frame with a sentence and two buttons.

    Signals:
        file_requested, folder_requested: The buttons.
    """

    file_requested = Signal()
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="heading")
        self._text = label(role="muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setMinimumWidth(_TEXT_WIDTH)
        text_row = QHBoxLayout()
        text_row.addStretch(1)
        text_row.addWidget(self._text, 8)
        text_row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(text_row)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        self.file_button = button(
            "Choose a file…", self.file_requested.emit, look="primary", icon_name="open"
        )
        row.addWidget(self.file_button)
        row.addWidget(button("Choose a folder…", self.folder_requested.emit, icon_name="folder"))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        self.show_invitation()

    def show_invitation(self) -> None:
        """Ask for data."""
        self._title.setText("Drop a file or a folder here")
        self._text.setText(_FORMATS)

    def show_error(self, text: str, details: str) -> None:
        """Show why data cannot be read; the text also says what to do."""
        self._title.setText("This data cannot be read")
        self._text.setText(text)
        self._text.setToolTip(details)

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashed frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current_theme().colour("muted"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(20, 20, -20, -20), 12, 12)
        painter.end()
