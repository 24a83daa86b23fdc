"""The curves of runs as a table: copied at once, written in the background. Imports no widget."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.design.storage.atomic_files import write_atomically
from dlstudio.gui.runs.epoch_axis import EpochAxis
from dlstudio.gui.runs.run_history import RunHistory

Floats = npt.NDArray[np.float64]
_CHUNK_ROWS = 5_000


@dataclass(frozen=True)
class RunCurves:
    """The curves of one run at one moment.

    Attributes:
        steps: All steps with a value, ascending.
        borders: Last step of each span but the newest.
        columns: By name, the steps that have a value, and the values.
    """

    name: str
    steps: Floats
    epoch_axis: EpochAxis
    borders: tuple[float, ...]
    columns: dict[str, tuple[Floats, npt.NDArray[np.float32]]]


def copy_curves(histories: Sequence[RunHistory]) -> list[RunCurves]:
    """Return copies that do not change while a run goes on."""
    curves = []
    for history in histories:
        columns = {
            name: (series.x.copy(), series.y.copy()) for name, series in history.series.items()
        }
        positions = [steps for steps, _ in columns.values()]
        steps = np.unique(np.concatenate(positions)) if positions else np.empty(0)
        borders = tuple(float(border) for border in history.spans)
        curves.append(RunCurves(history.name, steps, history.epoch_axis, borders, columns))
    return curves


def write_table(
    path: Path,
    curves: Sequence[RunCurves],
    report: Callable[[float], None],
    is_cancelled: Callable[[], bool],
) -> bool:
    """Write a row for each step with a value, and a column for each metric.

    Steps and epochs are counted over all spans of a run, which are numbered from 1.

    Args:
        path: The file; it is only replaced once everything is written.
        curves: The runs.
        report: Called with the fraction written.
        is_cancelled: Whether to stop.

    Returns:
        Whether the table was written and not cancelled.

    Raises:
        OSError: The file cannot be written.
    """
    names = list(dict.fromkeys(name for run in curves for name in run.columns))
    total = max(sum(len(run.steps) for run in curves), 1)

    def write(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            rows, count = csv.writer(file), 0
            rows.writerow(["run", "span", "step", "epoch", *names])
            for chunk in (chunk for run in curves for chunk in _chunks(run, names)):
                if is_cancelled():
                    raise _CancelledError
                rows.writerows(chunk)
                count += len(chunk)
                report(count / total)

    try:
        write_atomically(path, write)
    except _CancelledError:
        return False
    return True


class _CancelledError(Exception):
    """Writing was cancelled."""


def _chunks(run: RunCurves, names: Sequence[str]) -> Iterator[list[tuple[object, ...]]]:
    for start in range(0, len(run.steps), _CHUNK_ROWS):
        steps = run.steps[start : start + _CHUNK_ROWS]
        spans = 1 + np.searchsorted(run.borders, steps, side="left")
        epochs = [f"{epoch:.6g}" for epoch in run.epoch_axis.epochs_at(steps).tolist()]
        columns = [_texts(run, name, steps) for name in names]
        runs = [run.name] * len(steps)
        numbers = steps.astype(np.int64).tolist()
        yield list(zip(runs, spans.tolist(), numbers, epochs, *columns, strict=True))


def _texts(run: RunCurves, name: str, steps: Floats) -> list[str]:
    """Return the values at these steps as texts, empty where there is none."""
    if name not in run.columns:
        return [""] * len(steps)
    known, values = run.columns[name]
    first, last = np.searchsorted(known, (steps[0], steps[-1]), side="left")
    part = slice(first, last + 1)
    texts = dict(zip(known[part].tolist(), (f"{value:.7g}" for value in values[part]), strict=True))
    return [texts.get(step, "") for step in steps.tolist()]
