"""The list of recently opened designs in the user's settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlstudio.gui.document.preferences import settings

_KEY = "recent"
MAX_RECENT_FILES = 12


def recent_files() -> list[Path]:
    """Return the recent designs that still exist, last opened first."""
    stored = settings().value(_KEY, [])
    names = stored if isinstance(stored, list) else [stored] if isinstance(stored, str) else []
    return [path for path in map(Path, names) if path.is_file()]


def add_recent(path: Path) -> None:
    """Move a design to the top of the list."""
    path = path.resolve()
    others = [other for other in recent_files() if other != path]
    _store([path, *others][:MAX_RECENT_FILES])


def clear_recent() -> None:
    """Remove every entry."""
    _store([])


def _store(paths: Sequence[Path]) -> None:
    stored = settings()
    stored.setValue(_KEY, [str(path) for path in paths])
    stored.sync()
