"""Notices a design that is open in two windows, with a lock file beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who has the design open: a process, and the computer it runs on."""

    process: int
    host: str

    def text(self) -> str:
        """Return the holder as people say it."""
        is_local = self.host == QSysInfo.machineHostName()
        location = "of this computer" if is_local else f"of the computer {self.host}"
        return f"another window {location} (process {self.process})"


class DesignLock:
    """Holds the lock of at most one design; a dead process's lock counts for nothing.

    Attributes:
        design: The design whose lock is held, or None.
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self.design: Path | None = None
        self._lock: QLockFile | None = None

    def acquire(self, design: Path) -> LockOwner | None:
        """Lock this design and let go of the last one; keep that one where this is taken.

        Returns:
            Who holds it already; None when it is ours, or where a folder cannot be written to.
        """
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

    def release(self) -> None:
        """Let go."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self.design = None


def lock_path(design: Path) -> Path:
    """Return the lock file of a design: hidden, in the same folder."""
    return design.with_name(f".{design.name}.lock")


def _lock_owner(lock: QLockFile) -> LockOwner:
    process, host, _program = lock.getLockInfo()
    return LockOwner(process, host)
