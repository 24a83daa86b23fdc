"""The runs of a design as folders: their locations and status.

Imports neither torch nor numpy: the window lists runs before they are loaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dlstudio.data.core.data_paths import user_folder
from dlstudio.design.storage.paths import RUNS_SUFFIX
from dlstudio.training.storage.json_files import read_json
from dlstudio.training.storage.run_lock import is_locked

SUFFIX = RUNS_SUFFIX
INFO = "run.json"
METRICS = "metrics.jsonl"
EVENTS = "events.jsonl"
PROJECT = "project.dlstudio"
ENVIRONMENT = "environment.json"
DATA = "data.json"
WEIGHTS = "weights.safetensors"
INITIAL = "initial.safetensors"
CHECKPOINTS = "checkpoints"
SNAPSHOTS = "snapshots"
SERIES = "series.jsonl"
FINISHED_STATES = frozenset({"done", "early-stopping"})
"""States of runs that have completed their plan; all others can be resumed."""

_ACTIVE_STATES = frozenset({"running", "paused"})
"""States that a run has only while its process lives."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The status of a run.

    Attributes:
        state: `running`, `paused`, `stopped`, `failed`, `done` or `early-stopping`; a run that
            was killed is still `running`.
        started: Start time in seconds since 1970.
        steps: Completed steps at the last write; `epoch` completed epochs of `epochs`.
        metrics: Metrics of the last epoch, with the names of `EpochDone`; after the end, those of
            `Finished`.
        in_progress: Whether a living process trains it.
    """

    path: Path
    name: str
    title: str
    state: str
    started: float
    steps: int
    epoch: int
    epochs: int
    seed: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    in_progress: bool = False

    @property
    def was_interrupted(self) -> bool:
        """Whether the run's process died before it could finish or stop the run."""
        return not self.in_progress and self.state in _ACTIVE_STATES

    @property
    def is_resumable(self) -> bool:
        """Whether the run can be resumed."""
        return not (self.in_progress or self.is_finished)

    @property
    def is_finished(self) -> bool:
        """Whether the run completed its plan."""
        return self.state in FINISHED_STATES


def runs_dir_for(design: Path | str | None) -> Path:
    """Return the folder of a design's runs: beside the design, else in the user's data folder."""
    if design is None:
        return user_folder() / "runs" / f"untitled{SUFFIX}"
    path = Path(design).resolve()
    adjacent = path.with_name(path.stem + SUFFIX)
    if os.access(adjacent if adjacent.exists() else path.parent, os.W_OK):
        return adjacent
    return user_folder() / "runs" / adjacent.name


def new_run_dir(runs_dir: Path) -> Path:
    """Create a folder named after the current time; OSError if that fails."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    stem = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    number = 1
    while True:
        path = runs_dir / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path


def list_runs(runs_dir: Path | str) -> list[RunInfo]:
    """Return the runs in a folder, oldest first, ignoring other folders."""
    infos = [read_info(path.parent) for path in Path(runs_dir).glob(f"*/{INFO}")]
    return sorted(
        (info for info in infos if info is not None), key=lambda info: (info.started, info.name)
    )


def read_info(run_dir: Path | str) -> RunInfo | None:
    """Return the status of a run; None if the folder is not a run."""
    path = Path(run_dir)
    info = read_json(path / INFO)
    if info is None:
        return None
    try:
        return RunInfo(
            path=path,
            name=path.name,
            title=str(info["title"]),
            state=str(info["state"]),
            started=float(info["started"]),
            steps=int(info["step"]),
            epoch=int(info["epoch"]),
            epochs=int(info["epochs"]),
            seed=int(info["seed"]),
            metrics={str(name): float(value) for name, value in info["metrics"].items()},
            in_progress=is_locked(path),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
