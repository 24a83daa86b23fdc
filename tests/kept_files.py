"""Where the files lie that earlier versions wrote and that must stay readable."""

from __future__ import annotations

import shutil
from pathlib import Path

KEPT = Path(__file__).parent / "data" / "kept"
"""Its README says what each file holds and how it was written."""

RUNS = KEPT / "runs"


def copy_run(name: str, folder: Path) -> Path:
    """Return a copy of a kept run folder that a test may write to."""
    return Path(shutil.copytree(RUNS / name, folder / name))
