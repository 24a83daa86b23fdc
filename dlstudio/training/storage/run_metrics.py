"""Reads a run's metrics from its folder as arrays. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.training.storage.json_files import read_lines
from dlstudio.training.storage.runs import EVENTS, METRICS


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """A run's losses and metrics as arrays for curves.

    Attributes:
        steps: Number of each step, from 1.
        epochs: Number of each completed epoch; `epoch_steps` the steps completed by then.
        metrics: One value per epoch, by name; NaN if not measured.
        changes: Step and text of each change made during training.
    """

    steps: npt.NDArray[np.int64]
    losses: npt.NDArray[np.float32]
    rates: npt.NDArray[np.float64]
    epochs: npt.NDArray[np.int64]
    epoch_steps: npt.NDArray[np.int64]
    epoch_rates: npt.NDArray[np.float64]
    epoch_seconds: npt.NDArray[np.float64]
    metrics: Mapping[str, npt.NDArray[np.float64]]
    changes: tuple[tuple[int, str], ...] = ()


def read_metrics(run_dir: Path | str) -> RunMetrics:
    """Return a run's metrics so far; empty arrays if there are none."""
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
    names = sorted({name for record in epochs for name in record["metrics"]})
    return RunMetrics(
        steps=np.concatenate(steps),
        losses=np.array(losses, np.float32),
        rates=np.array(rates, np.float64),
        epochs=np.array([record["epoch"] for record in epochs], np.int64),
        epoch_steps=np.array([record["step"] for record in epochs], np.int64),
        epoch_rates=np.array([record["learning_rate"] for record in epochs], np.float64),
        epoch_seconds=np.array([record["seconds"] for record in epochs], np.float64),
        metrics={name: _column(epochs, name) for name in names},
        changes=tuple(
            (int(record["step"]), str(record["text"]))
            for record in read_lines(Path(run_dir) / EVENTS)
            if record["event"] == "changed"
        ),
    )


def _column(epochs: list[dict[str, Any]], name: str) -> npt.NDArray[np.float64]:
    values = (record["metrics"].get(name) for record in epochs)
    return np.array([np.nan if value is None else value for value in values], np.float64)
