"""Where data sets lie: the folder of downloads, and paths relative to a design."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dlstudio.data.core.errors import DataError


def user_folder() -> Path:
    """Return dlstudio's folder for the user's data, by the platform's custom; it may not exist."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(root) / "dlstudio"


def data_folder(data_dir: str = "") -> Path:
    """Return the folder of data sets: `data_dir`, else DLSTUDIO_DATA, else the user's own."""
    chosen = data_dir or os.environ.get("DLSTUDIO_DATA", "")
    return Path(chosen).expanduser() if chosen else user_folder() / "data"


def resolve_data_path(path: str, design_dir: str = "") -> Path:
    """Return where the user's own data lies.

    Raises:
        DataError: No path was chosen, or nothing is there.
    """
    if not path:
        raise DataError("No file is chosen yet: choose one in the data settings.")
    resolved = Path(design_dir) / Path(path).expanduser()
    if not resolved.exists():
        raise DataError(
            f"{resolved} is not there (any more). Locate it in the data settings, or choose another "
            "data set.",
            missing_path=str(resolved),
        )
    return resolved
