"""Marks a run folder as being trained, so that the run of a process that died is recognised.

The system releases the lock when its process ends, however it ends. Imports neither torch nor
numpy.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

FILE = "training.lock"
_ATTEMPTS, _WAIT = 10, 0.01


class RunLock:
    """Held by the process that trains a run."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / FILE
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Lock the folder; False if another run of this or of another process is trained in it.

        Raises:
            OSError: The folder cannot be written.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        for _ in range(_ATTEMPTS):
            if _try_lock(descriptor):
                self._descriptor = descriptor
                return True
            time.sleep(_WAIT)  # `is_locked` holds the lock for a moment
        os.close(descriptor)
        return False

    def release(self) -> None:
        """Unlock the folder."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        with contextlib.suppress(OSError):  # Windows does not delete open files; unlocked, it stays
            self._path.unlink()
        os.close(descriptor)


def is_locked(run_dir: Path) -> bool:
    """Whether a living process trains the run in a folder."""
    try:
        descriptor = os.open(run_dir / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
