"""Fetches files from mirrors: with progress, a way out and a checksum. Knows no torch."""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from dlstudio.data.errors import Cancelled, DataError
from dlstudio.data.mirrors import RemoteFile
from dlstudio.data.sources import OFFLINE_TITLES

_CHUNK = 1 << 16
_TIMEOUT = 20.0


def fetch(
    files: Sequence[RemoteFile],
    mirrors: Sequence[str],
    folder: Path,
    *,
    title: str,
    progress: Callable[[str, float | None], None],
    cancelled: Callable[[], bool],
) -> None:
    """Bring `files` into `folder`, each only once it is complete and its checksum fits.

    Raises:
        DataError: No mirror can be reached, a checksum differs, or the folder cannot be written.
        Cancelled: `cancelled` said so; nothing half fetched stays behind.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    total = sum(file.size for file in files)
    before = 0

    def report(received: int) -> None:
        done = min(before + received, total)
        text = f"Downloading {title}: {done / 1e6:.1f} of {total / 1e6:.1f} MB"
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
    reasons = []
    for mirror in mirrors:
        partial = folder / f"{file.name}.{os.getpid()}.part"
        try:
            sum_found = _stream(mirror + file.name, partial, report, cancelled)
            if sum_found == file.md5:
                partial.replace(folder / file.name)
                return
            reasons.append(f"{mirror}{file.name} arrived damaged (its checksum does not fit)")
        except (OSError, http.client.HTTPException) as error:
            if not os.access(folder, os.W_OK):
                raise _unwritable(folder, error) from error
            reasons.append(f"{mirror} cannot be reached ({error})")
        finally:
            partial.unlink(missing_ok=True)
    raise DataError(
        f"{title} could not be downloaded: {'; '.join(reasons)}. Check the network and try again, "
        f"or choose a data set that needs none: {OFFLINE_TITLES}."
    )


def _stream(
    url: str, partial: Path, report: Callable[[int], None], cancelled: Callable[[], bool]
) -> str:
    """Write what `url` sends to `partial` and return its MD5 sum."""
    checksum = hashlib.md5(usedforsecurity=False)
    received = 0
    request = urllib.request.Request(url, headers={"User-Agent": "dlstudio"})
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer, partial.open("wb") as out:
        while chunk := answer.read(_CHUNK):
            if cancelled():
                raise Cancelled
            out.write(chunk)
            checksum.update(chunk)
            received += len(chunk)
            report(received)
    return checksum.hexdigest()


def _unwritable(folder: Path, error: Exception) -> DataError:
    return DataError(
        f"Downloads cannot be kept in {folder} ({error}). Choose another folder with --data-dir, "
        "DLSTUDIO_DATA or in the preferences."
    )
