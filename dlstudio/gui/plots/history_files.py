"""Reads the curves of an earlier run from its folder, to lay them over the present one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dlstudio.gui.plots.history import LEARNING_RATE, STEP_LOSS, History, Mark
from dlstudio.gui.plots.series import Series
from dlstudio.training.run_metrics import read_metrics
from dlstudio.training.runs import read_info


def read_history(run_dir: Path | str) -> History:
    """Return what a run measured, as a history like that of a living run."""
    measured = read_metrics(run_dir)
    info = read_info(run_dir)
    made = History(name=info.name if info else Path(run_dir).name)
    per_epoch = np.diff(measured.epoch_steps, prepend=0)
    made.steps_per_epoch = int(per_epoch.max()) if len(per_epoch) else len(measured.steps)
    made.epochs = info.epochs if info else len(measured.epochs)
    made.step = int(measured.steps[-1]) if len(measured.steps) else 0
    made.epoch = len(measured.epochs)
    if len(measured.steps):
        made.series[STEP_LOSS] = _series(measured.steps, measured.losses)
        made.series[LEARNING_RATE] = _series(measured.steps, measured.rates)
    for name, figures in measured.figures.items():
        known = np.isfinite(figures)
        if name != STEP_LOSS and known.any():
            made.series[name] = _series(measured.epoch_steps[known], figures[known])
    made.marks = [Mark(step, text) for step, text in measured.changes]
    made.version = 1
    return made


def _series(x: object, y: object) -> Series:
    series = Series()
    series.append(np.asarray(x), np.asarray(y))
    return series
