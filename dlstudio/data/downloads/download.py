"""Downloads files from mirrors with progress, cancellation and checksums. Does not import torch."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dlstudio.data.core.errors import DataError
from dlstudio.data.downloads.url_stream import stream
from dlstudio.data.sources.framework.remote import RemoteFile
from dlstudio.data.sources.sources import OFFLINE_TITLES
from dlstudio.design.storage.file_errors import file_error_reason

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


def fetch(
    files: Sequence[RemoteFile],
    mirrors: Sequence[str],
    folder: Path,
    *,
    title: str,
    progress: Callable[[str, float | None], None],
    cancelled: Callable[[], bool],
) -> None:
    """Download `files` to `folder`; each appears only when complete and its checksum matches.

    Raises:
        DataError: No mirror can be reached, a checksum differs, or the folder cannot be written.
        Cancelled: `cancelled` returned True; no partial file is left.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable_error(folder, error) from error
    total = sum(file.size for file in files)
    before = 0
    started = time.monotonic()

    def report(received: int) -> None:
        done = min(before + received, total)
        left = time_left(time.monotonic() - started, done, total)
        text = f"Downloading {title}: {done / 1e6:.1f} of {total / 1e6:.1f} MB{left}"
        progress(text, done / total if total else None)

    for file in files:
        _fetch_any(file, mirrors, folder, title=title, report=report, cancelled=cancelled)
        before += file.size


def _fetch_any(
    file: RemoteFile,
    mirrors: Sequence[str],
    folder: Path,
    *,
    title: str,
    report: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    why, details = "", []
    for mirror in mirrors:
        partial = folder / f"{file.name}.{os.getpid()}.part"
        try:
            checksum = _download_to(mirror + file.name, partial, report, cancelled)
            if checksum == file.md5:
                partial.replace(folder / file.name)
                return
            why = f"{file.name} is corrupt (its checksum does not match)"
            details.append(f"{mirror}{file.name} has the wrong checksum")
        except OSError as error:
            if error.errno in _DISK_ERRORS:
                raise _unwritable_error(folder, error) from error
            why = why or "the server cannot be reached"
            details.append(f"{mirror}{file.name}: {error}")
        finally:
            partial.unlink(missing_ok=True)
    failure = DataError(
        f"{title} could not be downloaded: {why}. Check the network and try again, or choose a "
        f"data set that needs no download: {OFFLINE_TITLES}."
    )
    failure.add_note("\n".join(details))
    raise failure


def _download_to(
    url: str, partial: Path, report: Callable[[int], None], cancelled: Callable[[], bool]
) -> str:
    """Write the content of `url` to `partial` and return its MD5 checksum."""
    checksum = hashlib.md5(usedforsecurity=False)
    received = 0
    with partial.open("wb") as out:
        for chunk in stream(url, cancelled):
            out.write(chunk)
            checksum.update(chunk)
            received += len(chunk)
            report(received)
    return checksum.hexdigest()


def time_left(seconds: float, done: int, total: int) -> str:
    """Return a text such as `, 12 s left`; empty during the first second."""
    if seconds < 1 or done == 0:
        return ""
    left = round(seconds / done * (total - done))
    return f", {left} s left" if left < 90 else f", {round(left / 60)} min left"


def _unwritable_error(folder: Path, error: Exception) -> DataError:
    return DataError(
        f"Downloads cannot be saved in {folder} ({file_error_reason(error)}). Choose another "
        "folder with --data-dir, DLSTUDIO_DATA or in the preferences."
    )
