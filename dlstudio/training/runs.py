"""The runs of a design as folders: where they lie, how they stand, what they measured.

Knows no torch: the window lists and overlays runs without it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.folders import user_folder
from dlstudio.training.atomic import read_json, read_lines

SUFFIX = ".runs"
INFO = "run.json"
METRICS = "metrics.jsonl"
EVENTS = "events.jsonl"
PROJECT = "project.dlstudio"
ENVIRONMENT = "environment.json"
WEIGHTS = "weights.safetensors"
INITIAL = "initial.safetensors"
CHECKPOINTS = "checkpoints"
OVER = frozenset({"done", "early-stopping"})
"""States of runs that have fulfilled their plan; all others can be resumed."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """How a run stands.

    Attributes:
        state: `running`, `paused`, `stopped`, `failed`, `done` or `early-stopping`; a run that
            was killed is still `running`.
        started: When it began, in seconds since 1970.
        steps: Steps done when it was last written down; `epoch` epochs likewise, of `epochs`.
        metrics: Figures of the last epoch, by the names of `EpochDone`.
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

    @property
    def finished(self) -> bool:
        """Whether the plan was fulfilled; an unfinished run can be resumed."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """What a run measured, as arrays for curves.

    Attributes:
        steps: Number of each step, from 1.
        epochs: Epochs that are over; `epoch_steps` the steps done by then.
        figures: By name, one number an epoch; NaN where it was not measured.
        changes: Step and text of each change made while training.
    """

    steps: npt.NDArray[np.int64]
    losses: npt.NDArray[np.float32]
    rates: npt.NDArray[np.float64]
    epochs: npt.NDArray[np.int64]
    epoch_steps: npt.NDArray[np.int64]
    epoch_rates: npt.NDArray[np.float64]
    epoch_seconds: npt.NDArray[np.float64]
    figures: Mapping[str, npt.NDArray[np.float64]]
    changes: tuple[tuple[int, str], ...] = ()


def runs_dir_for(design: Path | str | None) -> Path:
    """Return the folder of a design's runs: beside it, else in the user's data folder."""
    if design is None:
        return user_folder() / "runs" / f"untitled{SUFFIX}"
    path = Path(design).resolve()
    beside = path.with_name(path.stem + SUFFIX)
    if os.access(beside if beside.exists() else path.parent, os.W_OK):
        return beside
    return user_folder() / "runs" / beside.name


def new_run_dir(runs_dir: Path) -> Path:
    """Make a folder named after the present moment; OSError where that cannot be."""
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
    """Return the runs in a folder, oldest first; what is no run is left out."""
    found = [read_info(path.parent) for path in Path(runs_dir).glob(f"*/{INFO}")]
    return sorted(
        (each for each in found if each is not None), key=lambda each: (each.started, each.name)
    )


def read_info(run_dir: Path | str) -> RunInfo | None:
    """Return how a run stands; None where the folder holds no run."""
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
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def read_metrics(run_dir: Path | str) -> RunMetrics:
    """Return what a run measured so far; empty arrays where it measured nothing."""
    steps: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
    losses: list[float] = []
    rates: list[float] = []
    epochs: list[dict[str, Any]] = []
    for record in read_lines(Path(run_dir) / METRICS):
        if record["event"] == "steps":
            count, rate = len(record["losses"]), record["rates"]
            steps.append(np.arange(record["first_step"], record["first_step"] + count))
            losses.extend(record["losses"])
            rates.extend(rate if isinstance(rate, list) else [rate] * count)
        else:
            epochs.append(record)
    names = sorted({name for each in epochs for name in each["metrics"]})
    return RunMetrics(
        steps=np.concatenate(steps),
        losses=np.array(losses, np.float32),
        rates=np.array(rates, np.float64),
        epochs=np.array([each["epoch"] for each in epochs], np.int64),
        epoch_steps=np.array([each["step"] for each in epochs], np.int64),
        epoch_rates=np.array([each["learning_rate"] for each in epochs], np.float64),
        epoch_seconds=np.array([each["seconds"] for each in epochs], np.float64),
        figures={name: _column(epochs, name) for name in names},
        changes=tuple(
            (int(record["step"]), str(record["text"]))
            for record in read_lines(Path(run_dir) / EVENTS)
            if record["event"] == "changed"
        ),
    )


def _column(epochs: list[dict[str, Any]], name: str) -> npt.NDArray[np.float64]:
    figures = (each["metrics"].get(name) for each in epochs)
    return np.array([np.nan if each is None else each for each in figures], np.float64)
