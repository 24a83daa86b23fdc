"""Reads a run's metrics from its folder as arrays. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        throughput: Samples per second up to each of the steps `throughput_steps`; none in runs of
            older versions.
        epochs: Number of each completed epoch; `epoch_steps` the steps completed by then.
        metrics: One value per epoch, by name; NaN if not measured.
        changes: Step and text of each change made during training.
        extensions: Those of them that continued a finished run.
        spans: Steps after which the run was continued.
        epoch_lengths: By completed steps at each start, the steps in an epoch from then on.
        start: What was recorded at the last start: `steps_per_epoch`, `samples` and `baseline`.
        kept_epoch: Epoch whose weights were kept at the end; 0 for those of the last step, while
            the run is in progress, and in runs of older versions.
    """

    steps: npt.NDArray[np.int64]
    losses: npt.NDArray[np.float32]
    rates: npt.NDArray[np.float64]
    epochs: npt.NDArray[np.int64]
    epoch_steps: npt.NDArray[np.int64]
    epoch_rates: npt.NDArray[np.float64]
    epoch_seconds: npt.NDArray[np.float64]
    metrics: Mapping[str, npt.NDArray[np.float64]]
    throughput_steps: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    throughput: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    changes: tuple[tuple[int, str], ...] = ()
    extensions: tuple[tuple[int, str], ...] = ()
    spans: tuple[int, ...] = ()
    epoch_lengths: Mapping[int, int] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    kept_epoch: int = 0


def read_metrics(run_dir: Path | str) -> RunMetrics:
    """Return a run's metrics so far; empty arrays if there are none."""
    steps: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
    losses: list[float] = []
    rates: list[float] = []
    throughput: list[tuple[int, float]] = []
    epochs: list[dict[str, Any]] = []
    for record in read_lines(Path(run_dir) / METRICS):
        if record["event"] == "steps":
            count, rate = len(record["losses"]), record["rates"]
            steps.append(np.arange(record["first_step"], record["first_step"] + count))
            losses.extend(record["losses"])
            if "samples_per_second" in record:
                throughput.append((record["step"], record["samples_per_second"]))
            rates.extend(rate if isinstance(rate, list) else [rate] * count)
        else:
            epochs.append(record)
    events = list(read_lines(Path(run_dir) / EVENTS))
    changes = [record for record in events if record["event"] == "changed"]
    starts = [record for record in events if record["event"] == "started"]
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
        throughput_steps=np.array([step for step, _ in throughput], np.int64),
        throughput=np.array([speed for _, speed in throughput], np.float64),
        changes=tuple((int(record["step"]), str(record["text"])) for record in changes),
        extensions=tuple(
            (int(record["step"]), str(record["text"]))
            for record in changes
            if record["arguments"].get("new_span")
        ),
        spans=tuple(sorted({record["step"] for record in starts if record["step"]})),
        epoch_lengths={
            record["step"]: record["steps_per_epoch"]
            for record in starts
            if isinstance(record.get("steps_per_epoch"), int)
        },
        start=starts[-1] if starts else {},
        kept_epoch=_kept_epoch(events),
    )


def _kept_epoch(events: Sequence[Mapping[str, Any]]) -> int:
    """Return the kept epoch of a run that has ended since its last start."""
    limits = [record for record in events if record["event"] in {"started", "finished"}]
    epoch = limits[-1].get("kept_epoch", 0) if limits else 0
    return epoch if isinstance(epoch, int) else 0


def _column(epochs: list[dict[str, Any]], name: str) -> npt.NDArray[np.float64]:
    values = (record["metrics"].get(name) for record in epochs)
    return np.array([np.nan if value is None else value for value in values], np.float64)
