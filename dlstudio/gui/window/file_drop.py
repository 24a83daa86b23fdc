"""Opens files that are dropped on the window, which is framed while they are over it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import QDropEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dlstudio.data.sources.path_detection import can_be_read
from dlstudio.gui.data.data_import import DataImporter
from dlstudio.gui.document.document import SUFFIX
from dlstudio.gui.files.design_files import BUNDLE_SUFFIX, DesignFiles
from dlstudio.gui.style.theme import current_theme, font_size, text_font

_WIDTH, _MARGIN, _RADIUS = 3, 6, 8
_PADDING = 14


def dropped_file(data: QMimeData) -> Path | None:
    """Return the first file that the window can open, or None."""
    for url in data.urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and (path.suffix in {SUFFIX, BUNDLE_SUFFIX} or can_be_read(path)):
            return path
    return None


def accept_copy(event: QDropEvent) -> None:
    """Accept a drop as a copy; after a move the source program may delete the file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def open_dropped_file(path: Path, files: DesignFiles, importer: DataImporter) -> None:
    """Open a design, or use a data file or folder."""
    if path.suffix in {SUFFIX, BUNDLE_SUFFIX}:
        files.open_path(path)
    else:
        importer.import_path(path)


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
