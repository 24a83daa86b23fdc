"""Detects a design that is open in two windows, by a lock file beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo


@dataclass(frozen=True, slots=True)
class LockOwner:
    """The process that has the design open, and its computer."""

    process: int
    host: str

    def text(self) -> str:
        """Return the owner as shown in a question."""
        is_local = self.host == QSysInfo.machineHostName()
        location = "on this computer" if is_local else f"on the computer {self.host}"
        return f"another window {location} (process {self.process})"


class DesignLock:
    """Holds the lock of at most one design; the lock of a dead process is ignored.

    A file is the same one under every name that leads to it.

    Attributes:
        design: The design whose lock is held, without symbolic links, or None.
    """

    def __init__(self) -> None:
        self.design: Path | None = None
        self._lock: QLockFile | None = None

    def acquire(self, design: Path) -> LockOwner | None:
        """Lock a design and release the previous one; keep that one if the new one is taken.

        Returns:
            The current owner; None if the lock is ours or the folder is not writable.
        """
        design = design.resolve()
        if design == self.design:
            return None
        lock = QLockFile(str(lock_path(design)))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            if lock.error() is not QLockFile.LockError.LockFailedError:
                return None
            return _lock_owner(lock)
        self.release()
        self._lock, self.design = lock, design
        return None

    def holds(self, design: Path | None) -> bool:
        """Whether this design's lock is held."""
        return design is not None and design.resolve() == self.design

    def release(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self.design = None


def lock_path(design: Path) -> Path:
    """Return the lock file of a design: a hidden file in the same folder."""
    return design.with_name(f".{design.name}.lock")


def _lock_owner(lock: QLockFile) -> LockOwner:
    process, host, _program = lock.getLockInfo()
    return LockOwner(process, host)
