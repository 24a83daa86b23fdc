"""The frame over the window while a file or folder that it can open is dragged over it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dlstudio.gui.document.document import SUFFIX
from dlstudio.gui.files.design_files import BUNDLE_SUFFIX
from dlstudio.gui.style.theme import current_theme, font_size, text_font

_WIDTH, _MARGIN, _RADIUS = 3, 6, 8
_PADDING = 14


class DropFrame(QWidget):
    """Covers the window with a frame and a phrase; receives no mouse events."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        window.installEventFilter(self)

    def show_for(self, path: Path) -> None:
        """Show what dropping this file or folder would do."""
        self.text = drop_text(path)
        self.setAccessibleName(self.text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = theme.colour("accent")
        tint.setAlphaF(0.08)
        frame = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setBrush(tint)
        painter.setPen(QPen(theme.colour("accent"), _WIDTH))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        painter.setFont(text_font(font_size() + 3, QFont.Weight.DemiBold))
        label = QRectF(painter.fontMetrics().boundingRect(self.text))
        label.adjust(-_PADDING, -_PADDING / 2, _PADDING, _PADDING / 2)
        label.moveCenter(frame.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(label, _RADIUS, _RADIUS)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


def drop_text(path: Path) -> str:
    """Return what dropping a file or folder on the window does."""
    is_design = path.suffix in {SUFFIX, BUNDLE_SUFFIX}
    return "Drop to open the design" if is_design else "Drop to open as data"
