"""Why a file should not be overwritten without asking."""

from __future__ import annotations

from pathlib import Path

from dlstudio.gui.files.file_lock import DesignLock
from dlstudio.gui.files.recovery import RecoveryFile

_WRITE_BITS = 0o222


def is_read_only(path: Path) -> bool:
    """Whether a file exists and nobody may write to it."""
    try:
        return not path.stat().st_mode & _WRITE_BITS
    except OSError:
        return False


def restore_conflict(recovered: RecoveryFile, lock: DesignLock) -> str:
    """Return why recovered work should not go back into its file, empty if it may.

    Takes the lock of the file if it is free.
    """
    if recovered.path is None:
        return ""
    owner = lock.acquire(recovered.path)
    if owner is not None:
        return f"It is open in {owner.text()}."
    try:
        is_newer = recovered.path.stat().st_mtime > recovered.saved_at
    except OSError:
        return ""
    return "Its file was saved after this copy was made." if is_newer else ""
