"""Snapshots of a run's weights at several steps, thinned out as the run grows. Imports no torch.

A snapshot is the file `RUN/snapshots/STEP.safetensors`; incomplete files are ignored.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.training.storage.runs import SNAPSHOTS

MAX_BYTES = 256 << 20
"""Maximum size in bytes of all snapshots of a run together."""
MAX_FILES = 64
"""Maximum number of snapshots of a run."""
MAX_WEIGHTS = 16 << 20
"""Maximum size of a network's weights in bytes; larger networks get no snapshots."""
BEST, CHANGE = "best", "change"
"""Reasons to keep a snapshot when others are deleted: the best epoch so far, and the last step
before a change of settings."""
_MAX_HEADER = 1 << 24


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """One snapshot.

    Attributes:
        step: Completed steps.
        epoch: Current epoch, from 1.
        reason: `best`, `change`, or empty.
        path: Its file, which may be deleted at any time during the run.
        size: Its size in bytes.
    """

    step: int
    epoch: int
    reason: str
    path: Path
    size: int

    @property
    def metadata(self) -> dict[str, str]:
        """Metadata of the file besides the weights."""
        return {"format": "dlstudio", "epoch": str(self.epoch), "reason": self.reason}


def snapshot_path(run_dir: Path | str, step: int) -> Path:
    """Return the path of the snapshot of a step."""
    return Path(run_dir) / SNAPSHOTS / f"{step:09d}.safetensors"


def list_snapshots(run_dir: Path | str) -> tuple[StoredSnapshot, ...]:
    """Return the complete snapshots of a run in order of their steps."""
    if not run_dir:
        return ()
    try:
        paths = sorted((Path(run_dir) / SNAPSHOTS).glob("*.safetensors"))
    except OSError:
        return ()
    return tuple(snapshot for path in paths if (snapshot := _read_header(path)) is not None)


def delete_after(run_dir: Path, step: int) -> None:
    """Delete the snapshots of later steps, and files left unfinished by a killed process."""
    for path in (run_dir / SNAPSHOTS).glob("*.safetensors"):
        if not path.stem.isdigit() or int(path.stem) > step:
            delete(path)
    for path in (run_dir / SNAPSHOTS).glob(".*.tmp"):
        delete(path)


def delete(path: Path) -> bool:
    """Delete a file; return False if the system refuses because it is being read."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        return True
    return False


def surplus(
    snapshots: Sequence[StoredSnapshot], max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES
) -> Iterator[StoredSnapshot]:
    """Yield the snapshots to delete, so that the others are evenly spaced and within the limits.

    The first, the last and the best are kept, and those before changes as long as possible.
    """
    kept = list(snapshots)
    while len(kept) > max_files or sum(snapshot.size for snapshot in kept) > max_bytes:
        best = next((s for s in reversed(kept) if s.reason == BEST), None)
        inner = [i for i in range(1, len(kept) - 1) if kept[i] is not best]
        passing = [i for i in inner if kept[i].reason != CHANGE]
        candidates = passing or inner
        if not candidates:
            return
        yield kept.pop(min(candidates, key=lambda i: kept[i + 1].step - kept[i - 1].step))


def _read_header(path: Path) -> StoredSnapshot | None:
    """Return the header of a safetensors file; None if the file is incomplete."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header: Any = json.loads(file.read(length)) if length < _MAX_HEADER else {}
        size = path.stat().st_size
        metadata = header.pop("__metadata__")
        end = max((tensor["data_offsets"][1] for tensor in header.values()), default=0)
        if 8 + length + end != size:
            return None
        return StoredSnapshot(
            int(path.stem), int(metadata["epoch"]), str(metadata["reason"]), path, size
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
