"""Stores copies of unsaved work, so that a crash loses at most half a minute."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from dlstudio.design.library.files import FileError, load, save
from dlstudio.design.model.model import Project
from dlstudio.design.storage.file_errors import file_error_reason

_DESIGN, _METADATA, _LOCK = "design.dlstudio", "about.json", "lock"


@dataclass(frozen=True, slots=True)
class RecoveryFile:
    """Unsaved work of a window that ended unexpectedly.

    Attributes:
        path: The design's file, or None if it was never saved.
        weights: Trained weights that were not saved with it, or None.
        saved_at: Seconds since the epoch.
    """

    folder: Path
    name: str
    path: Path | None
    weights: Path | None
    saved_at: float

    def load(self) -> Project:
        """Read the design.

        Raises:
            FileError: It cannot be read.
        """
        return load(self.folder / _DESIGN)

    def discard(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Recovery:
    """The copy of one window's unsaved work, and the copies that crashed windows left behind."""

    def __init__(self, root: Path) -> None:
        """`root` is the folder with the copies of all windows."""
        self._root = root
        self._folder = root / uuid.uuid4().hex
        self._lock: QLockFile | None = None

    def save(self, project: Project, name: str, path: Path | None, weights: Path | None) -> None:
        """Write the copy.

        Raises:
            FileError: The folder is not writable.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._acquire_lock()
            save(project, self._folder / _DESIGN)
            metadata = {
                "name": name,
                "path": str(path or ""),
                "weights": str(weights or ""),
                "saved_at": time.time(),
            }
            temporary = self._folder / f"{_METADATA}.tmp"
            temporary.write_text(json.dumps(metadata), encoding="utf-8")
            temporary.replace(self._folder / _METADATA)
        except OSError as error:
            raise FileError(
                f"The recovery copy could not be written to {self._folder}: "
                f"{file_error_reason(error)}"
            ) from error

    def clear(self) -> None:
        """Delete the copy, because everything is saved."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def recoverable(self) -> list[RecoveryFile]:
        """Return the copies whose window no longer runs, newest first."""
        if not self._root.is_dir():
            return []
        files = [
            file
            for folder in self._root.iterdir()
            if folder != self._folder and (file := _read(folder)) is not None
        ]
        return sorted(files, key=lambda file: file.saved_at, reverse=True)

    def _acquire_lock(self) -> None:
        if self._lock is None:
            self._lock = _lock_in(self._folder)
            self._lock.tryLock(0)


def _lock_in(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    lock.setStaleLockTime(0)
    return lock


def _read(folder: Path) -> RecoveryFile | None:
    if not (folder / _METADATA).is_file() or not (folder / _DESIGN).is_file():
        return None
    lock = _lock_in(folder)
    if not lock.tryLock(0):
        return None
    lock.unlock()
    try:
        metadata = json.loads((folder / _METADATA).read_text(encoding="utf-8"))
        path, weights = str(metadata["path"]), str(metadata["weights"])
        return RecoveryFile(
            folder,
            str(metadata["name"]),
            Path(path) if path else None,
            Path(weights) if weights else None,
            float(metadata["saved_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
