"""What happens to files dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from dlstudio.gui.design_files import BUNDLE_SUFFIX, DesignFiles
from dlstudio.gui.document import SUFFIX
from dlstudio.gui.own_data import OwnData, source_for


def can_take(data: QMimeData) -> bool:
    """Whether one of the files means something to the window."""
    return _dropped(data) is not None


def take_drop(data: QMimeData, files: DesignFiles, own_data: OwnData) -> bool:
    """Open the design, or learn from the data."""
    path = _dropped(data)
    if path is None:
        return False
    if path.suffix in {SUFFIX, BUNDLE_SUFFIX}:
        return files.open_path(path)
    return own_data.use(path)


def _dropped(data: QMimeData) -> Path | None:
    for url in data.urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and (path.suffix in {SUFFIX, BUNDLE_SUFFIX} or source_for(path)):
            return path
    return None
