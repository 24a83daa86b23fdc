"""A text of a few lines; what goes beyond them is behind “more”."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel

from dlstudio.gui.theme import current, theme_changes

LINES = 4
_MORE = "… more"
_LINK = "…&nbsp;<a href='more' style='color:{};text-decoration:none'>more</a>"


class Explanation(QLabel):
    """Shows the first lines of a text, and all of it after a click on “more”."""

    def __init__(self, text: str) -> None:
        """Start folded."""
        super().__init__()
        self._whole = text
        self._is_open = False
        self._shown_at = -1
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setAccessibleName(text)
        self.setText(escape(text))
        theme_changes.changed.connect(self._show)
        self.linkActivated.connect(lambda _link: self.unfold())

    @property
    def is_cut(self) -> bool:
        """Whether something is behind “more”."""
        return "href='more'" in self.text()

    def unfold(self) -> None:
        """Show all of it."""
        self._is_open = True
        self._show()

    def minimumSizeHint(self) -> QSize:
        """Return a width that leaves the panel free to be narrow."""
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew where the lines break elsewhere.

        Later, since another text within the resize of a scroll area's content crashes Qt 6.11.
        """
        super().resizeEvent(event)
        if event.size().width() != self._shown_at:
            QTimer.singleShot(0, self, self._show)

    def changeEvent(self, event: QEvent) -> None:
        """Cut anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

    def _show(self) -> None:
        self._shown_at = self.width()
        length = len(self._whole) if self._is_open else self._fitting(self._whole)
        if length >= len(self._whole):
            self.setText(escape(self._whole))
            return
        length = self._fitting(self._whole, self.fontMetrics().horizontalAdvance(_MORE))
        visible_text = self._whole[:length].rsplit(" ", 1)[0].rstrip(" ,;:")
        self.setText(escape(visible_text) + _LINK.format(current().accent_text))

    def _fitting(self, text: str, kept_free: int = 0) -> int:
        """Return how many characters the lines hold, the last one with some room kept free."""
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        end = 0
        for line_number in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                return len(text)
            line.setLineWidth(self.width() - 2 - (kept_free if line_number == LINES - 1 else 0))
            end = line.textStart() + line.textLength()
        layout.endLayout()
        return end
