"""The figures that the shipped examples promise, trained anew or looked up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from dlstudio.data.sources import find_source
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from tests.benchmarks.example_goals import PROMISES
from tests.benchmarks.example_runs import Record, Trainer
from tests.benchmarks.goals import Goal, Promise
from tests.benchmarks.rows import Row

SECONDS = 570.0
"""What one call may take; the next one goes on where it stopped."""


def examples(names: Sequence[str] = (), trainer: Trainer | None = None) -> Iterator[Row]:
    """Yield the figures of these examples, of all by default."""
    trainer = trainer or Trainer(SECONDS)
    for name in names or PROMISES:
        yield from _rows(name, PROMISES[name], trainer)


def _rows(name: str, promise: Promise, trainer: Trainer) -> Iterator[Row]:
    missing = promise.needs() or _missing_data(promise.change(load(example_path(name))))
    if missing:
        yield Row(name, f"needs {missing}", "not measured", None)
        return
    records = list(trainer.records(name, promise))
    for target in promise.goals:
        yield _row(name, target, records)


def _missing_data(project: Project) -> str:
    offline = find_source(project.data.source).offline
    return "" if offline or "DLSTUDIO_DATA" in os.environ else "DLSTUDIO_DATA"


def _row(name: str, goal: Goal, records: Sequence[Record | None]) -> Row:
    finished = [record for record in records if record is not None]
    what = f"{name}: {goal.what}"
    if len(finished) < len(records):
        return Row(what, goal.target, f"{len(finished)} done, call again to go on", None)
    value, *others = (
        median(read(record.figures) for record in finished)
        for read in (goal.read, *goal.beside.values())
    )
    seconds = sum(record.seconds for record in finished)
    seeds = "1 seed" if len(finished) == 1 else f"{len(finished)} seeds"
    pairs = zip(goal.beside, others, strict=True)
    context = [f"; {name} {goal.form.format(other)}" for name, other in pairs]
    text = f"{goal.form.format(value)} ({seeds}, {seconds:.0f} s{''.join(context)})"
    return Row(what, goal.target, text, goal.holds(value, goal.limit))


BENCHMARKS: Mapping[str, Callable[..., Iterable[Row]]] = {"examples": examples}
