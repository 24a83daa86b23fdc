"""Reads and writes files atomically; operating system errors become readable messages."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Callable
from pathlib import Path

from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.file_errors import file_error_reason

STALE_SECONDS = 600.0
"""Age in seconds from which a temporary file counts as left by a killed process."""


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return a file's bytes; FileError if it is missing, not a regular file, or too large."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError("it is not a file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise FileError(_error_text(error)) from error
    if len(content) > max_bytes:
        raise FileError(f"it is larger than {max_bytes // 2**20} MiB")
    return content


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file through a temporary one next to it; symbolic links are followed.

    Raises:
        FileError: Writing failed; the previous content is unchanged.
    """
    try:
        path = path.resolve()
        _remove_stale(path)
        write_atomically(path, lambda temporary: temporary.write_bytes(content))
        _sync_folder(path.parent)
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(_error_text(error)) from error


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file, sync it, and move it to `path`.

    A replaced file keeps its mode; a new one gets that of any new file, whatever `write` sets.

    Raises:
        OSError: Writing failed; the previous file is unchanged, and the temporary one is gone.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        temporary.touch(exist_ok=False)
        mode = stat.S_IMODE((path if path.exists() else temporary).stat().st_mode)
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _remove_stale(path: Path) -> None:
    oldest = time.time() - STALE_SECONDS
    for leftover in path.parent.iterdir():
        if leftover.name.startswith(f".{path.name}.") and leftover.suffix == ".tmp":
            with contextlib.suppress(OSError):
                if leftover.stat().st_mtime < oldest:
                    leftover.unlink()


def _sync_folder(folder: Path) -> None:
    """Sync the folder so that the new name survives a crash; not possible or needed on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _error_text(error: Exception) -> str:
    return file_error_reason(error) if isinstance(error, OSError) else "its name is not valid"
