"""Locations of data sets: the download folder, and paths relative to a design. Imports no torch."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dlstudio.data.core.errors import DataError


def user_folder() -> Path:
    """Return dlstudio's user data folder, by the platform's convention; it may not exist."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(root) / "dlstudio"


def data_folder(data_dir: str = "") -> Path:
    """Return the folder of data sets: `data_dir`, else DLSTUDIO_DATA, else the user's folder."""
    chosen = data_dir or os.environ.get("DLSTUDIO_DATA", "")
    return Path(chosen).expanduser() if chosen else user_folder() / "data"


def resolve_data_path(path: str, design_dir: str = "") -> Path:
    """Return the path of the user's own data.

    Raises:
        DataError: `path` is empty, or does not exist.
    """
    if not path:
        raise DataError("No file is selected. Choose one in the data settings.")
    resolved = Path(design_dir) / Path(path).expanduser()
    if not resolved.exists():
        raise DataError(
            f"{resolved} was not found. Locate it in the data settings, or choose another "
            "data set.",
            missing_path=str(resolved),
        )
    return resolved
