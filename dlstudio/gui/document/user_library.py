"""The user's own blocks: files in a folder, read again when one of them changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.data.core.data_paths import user_folder
from dlstudio.design.library.library import (
    Library,
    read_library,
)
from dlstudio.design.storage.block_file import SUFFIX, BlockFile


class LibraryChanges(QObject):
    """Emits `changed` when `user_library()` returns other blocks."""

    changed = Signal()


library_changes = LibraryChanges()


_FolderState = tuple[tuple[str, int, int], ...]


_cache: tuple[Path, _FolderState, Library] | None = None


def blocks_folder() -> Path:
    """Return the folder of the user's blocks; it may not exist."""
    return user_folder() / "blocks"


def user_library() -> Library:
    """Return the user's blocks; files are read again only after a change."""
    global _cache  # noqa: PLW0603  (one folder, read once for all windows)
    folder = blocks_folder()
    state = _folder_state(folder)
    if _cache is None or _cache[:2] != (folder, state):
        _cache = (folder, state, read_library(folder) if state else Library())
    return _cache[2]


def user_block_files() -> Mapping[str, BlockFile]:
    """Return the user's blocks by the names of their files."""
    return user_library().files


def _folder_state(folder: Path) -> _FolderState:
    entries = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:
            continue
        entries.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(entries)
