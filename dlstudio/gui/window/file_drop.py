"""Opens files that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent

from dlstudio.data.sources.path_detection import can_be_read
from dlstudio.gui.data.data_import import DataImporter
from dlstudio.gui.document.document import SUFFIX
from dlstudio.gui.files.design_files import BUNDLE_SUFFIX, DesignFiles


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
