"""Loads the curves of an earlier run from its folder, to compare them with the current run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dlstudio.gui.runs.epoch_axis import axis_of
from dlstudio.gui.runs.run_history import (
    LEARNING_RATE,
    STEP_LOSS,
    THROUGHPUT,
    ChangeMarker,
    RunHistory,
)
from dlstudio.gui.runs.run_record import RunRecord, stored_design
from dlstudio.gui.runs.series import Series
from dlstudio.training.storage.run_changes_file import read_changes
from dlstudio.training.storage.run_metrics import read_metrics
from dlstudio.training.storage.runs import RunInfo, read_info


def load_history(run_dir: Path | str) -> RunHistory:
    """Return the recorded metrics of a run as a `RunHistory`."""
    metrics = read_metrics(run_dir)
    info = read_info(run_dir)
    history = RunHistory(name=info.name if info else Path(run_dir).name)
    ends = dict(zip(metrics.epoch_steps.tolist(), metrics.epochs.tolist(), strict=True))
    axis = axis_of(ends, metrics.epoch_lengths)
    is_known = bool(ends or metrics.epoch_lengths)
    history.steps_per_epoch = axis.length if is_known else len(metrics.steps)
    history.length_changes = axis.changes
    history.samples_per_epoch = metrics.start.get("samples", {}).get("train", 0)
    history.baseline = metrics.start.get("baseline", {})
    history.kept_epoch = metrics.kept_epoch
    history.leaks = tuple(metrics.start.get("leaks", ()))
    history.spans = list(metrics.spans)
    history.epochs = info.epochs if info else len(metrics.epochs)
    history.step = int(metrics.steps[-1]) if len(metrics.steps) else 0
    history.epoch = len(metrics.epochs)
    if len(metrics.steps):
        history.series[STEP_LOSS] = _series(metrics.steps, metrics.losses)
        history.series[LEARNING_RATE] = _series(metrics.steps, metrics.rates)
    if len(metrics.throughput):
        history.series[THROUGHPUT] = _series(metrics.throughput_steps, metrics.throughput)
    for name, values in metrics.metrics.items():
        finite = np.isfinite(values)
        if name != STEP_LOSS and finite.any():
            history.series[name] = _series(metrics.epoch_steps[finite], values[finite])
    history.markers = [
        ChangeMarker(*change) for change in metrics.changes if change not in metrics.extensions
    ]
    history.version = 1
    return history


def load_run(info: RunInfo, history: RunHistory) -> RunRecord | None:
    """Return a run with its curves; None if its design cannot be read."""
    project = stored_design(info.path)
    if project is None:
        return None
    return RunRecord(
        project,
        str(info.path),
        read_changes(info.path),
        state=info.state,
        metrics=info.metrics,
        history=history,
    )


def _series(x: object, y: object) -> Series:
    series = Series()
    series.append(np.asarray(x), np.asarray(y))
    return series
