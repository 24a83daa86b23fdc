"""A text of a few lines; the rest is hidden behind a “more” link."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel

from dlstudio.gui.style.theme import current_theme, theme_changes

MAX_LINES = 4
_MORE = "… more"
_LINK = "…&nbsp;<a href='more' style='color:{};text-decoration:none'>more</a>"


class CollapsibleText(QLabel):
    """Shows the first lines of a text, and the full text after a click on “more”."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._full_text = text
        self._is_expanded = False
        self._shown_width = -1
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setAccessibleName(text)
        self.setText(escape(text))
        theme_changes.changed.connect(self._update_text)
        self.linkActivated.connect(lambda _link: self.expand())

    @property
    def is_truncated(self) -> bool:
        """Whether part of the text is hidden."""
        return "href='more'" in self.text()

    def expand(self) -> None:
        self._is_expanded = True
        self._update_text()

    def minimumSizeHint(self) -> QSize:
        """Return a small width, so that the panel can be narrow."""
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Truncate again when the width changes.

        Later, because setting the text while a scroll area's content is resized crashes Qt 6.11.
        """
        super().resizeEvent(event)
        if event.size().width() != self._shown_width:
            QTimer.singleShot(0, self, self._update_text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_text()

    def _update_text(self) -> None:
        self._shown_width = self.width()
        length = (
            len(self._full_text) if self._is_expanded else self._fitting_length(self._full_text)
        )
        if length >= len(self._full_text):
            self.setText(escape(self._full_text))
            return
        length = self._fitting_length(self._full_text, self.fontMetrics().horizontalAdvance(_MORE))
        visible_text = self._full_text[:length].rsplit(" ", 1)[0].rstrip(" ,;:")
        self.setText(escape(visible_text) + _LINK.format(current_theme().accent_text))

    def _fitting_length(self, text: str, reserved_width: int = 0) -> int:
        """Return how many characters fit, with `reserved_width` pixels free on the last line."""
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        end = 0
        for line_number in range(MAX_LINES):
            line = layout.createLine()
            if not line.isValid():
                return len(text)
            line.setLineWidth(
                self.width() - 2 - (reserved_width if line_number == MAX_LINES - 1 else 0)
            )
            end = line.textStart() + line.textLength()
        layout.endLayout()
        return end
