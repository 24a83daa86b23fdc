"""Detects when another program changes the open design's file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

Stamp = tuple[int, int] | None


class FileWatcher(QObject):
    """Watches one file; call `watch` after our own saves so that they are not reported."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_event)
        self._watcher.directoryChanged.connect(self._on_file_event)
        self._path: Path | None = None
        self._stamp: Stamp = None

    def watch(self, path: Path | None) -> None:
        """Watch a file for changes from its current state; None watches nothing."""
        paths = [*self._watcher.files(), *self._watcher.directories()]
        if paths:
            self._watcher.removePaths(paths)
        self._path = path
        self._stamp = _stamp(path)
        if path is not None and path.is_file():
            self._watcher.addPaths([str(path), str(path.parent)])

    def _on_file_event(self) -> None:
        stamp = _stamp(self._path)
        if stamp is None or stamp == self._stamp:
            return
        self.watch(self._path)
        self.changed.emit()


def _stamp(path: Path | None) -> Stamp:
    try:
        state = path.stat() if path else None
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size) if state else None
