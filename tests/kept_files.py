"""Paths of files from earlier versions that must stay readable."""

from __future__ import annotations

import shutil
from pathlib import Path

KEPT = Path(__file__).parent / "data" / "kept"
"""Its README describes each file and how it was written."""

RUNS = KEPT / "runs"


def copy_run(name: str, folder: Path) -> Path:
    """Copy a run folder from an earlier version, so that a test may write to it."""
    return Path(shutil.copytree(RUNS / name, folder / name))
