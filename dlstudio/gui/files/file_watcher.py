"""Detects when another program changes, deletes or moves the open design's file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

REMOVAL_DELAY_MS = 700
"""Programs that save by replacing a file let it be missing for a moment."""

Stamp = tuple[int, int] | None


class FileWatcher(QObject):
    """Watches one file; call `watch` after our own saves so that they are not reported.

    Signals:
        changed: The file has another content. Equal content under a new date is not reported.
        removed: The file no longer exists.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_event)
        self._watcher.directoryChanged.connect(self._on_file_event)
        self._removal = QTimer(self)
        self._removal.setSingleShot(True)
        self._removal.setInterval(REMOVAL_DELAY_MS)
        self._removal.timeout.connect(self._confirm_removal)
        self._path: Path | None = None
        self._stamp: Stamp = None
        self._digest = ""

    def watch(self, path: Path | None) -> None:
        """Watch a file for changes from its current state; None watches nothing."""
        self._removal.stop()
        self._path = path
        self._remember()

    def _remember(self) -> None:
        """Take the current state of the file as known, and watch what exists of it."""
        paths = [*self._watcher.files(), *self._watcher.directories()]
        if paths:
            self._watcher.removePaths(paths)
        path = self._path
        self._stamp, self._digest = _stamp(path), _digest(path)
        if path is not None:
            nearby = (path, path.parent, path.parent.parent)  # the last one for a renamed folder
            places = [str(place) for place in dict.fromkeys(nearby) if place.exists()]
            if places:
                self._watcher.addPaths(places)

    def _on_file_event(self) -> None:
        stamp = _stamp(self._path)
        if stamp is None and self._stamp is not None:
            self._removal.start()
        if stamp is None or stamp == self._stamp:
            return
        self._removal.stop()
        before = self._digest
        self._remember()
        if self._digest != before:
            self.changed.emit()

    def _confirm_removal(self) -> None:
        if _stamp(self._path) is None:
            self._remember()
            self.removed.emit()
        else:
            self._on_file_event()


def _stamp(path: Path | None) -> Stamp:
    try:
        state = path.stat() if path else None
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size) if state else None


def _digest(path: Path | None) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    except OSError:
        return ""
