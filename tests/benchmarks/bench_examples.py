"""Results of the shipped examples against their targets, trained now or read from the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from dlstudio.data.sources.sources import find_source
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from tests.benchmarks.examples.example_runs import Record, Trainer
from tests.benchmarks.examples.example_targets import EXAMPLE_SPECS
from tests.benchmarks.examples.targets import ExampleSpec, Target
from tests.benchmarks.rows import ResultRow

TIME_LIMIT = 570.0
"""Seconds after which a call stops; the next call resumes."""


def examples(names: Sequence[str] = (), trainer: Trainer | None = None) -> Iterator[ResultRow]:
    """Yield the results of the named examples, or of all if none is named."""
    trainer = trainer or Trainer(TIME_LIMIT)
    for name in names or EXAMPLE_SPECS:
        yield from _example_rows(name, EXAMPLE_SPECS[name], trainer)


def _example_rows(name: str, spec: ExampleSpec, trainer: Trainer) -> Iterator[ResultRow]:
    missing = spec.missing() or _missing_data(spec.change(load(example_path(name))))
    if missing:
        yield ResultRow(name, f"needs {missing}", "not measured", None)
        return
    records = list(trainer.records(name, spec))
    for target in spec.targets:
        yield _row(name, target, records)


def _missing_data(project: Project) -> str:
    offline = find_source(project.data.source).offline
    return "" if offline or "DLSTUDIO_DATA" in os.environ else "DLSTUDIO_DATA"


def _row(name: str, target: Target, records: Sequence[Record | None]) -> ResultRow:
    finished = [record for record in records if record is not None]
    label = f"{name}: {target.label}"
    if len(finished) < len(records):
        return ResultRow(
            label, target.limit_text, f"{len(finished)} done, run again to continue", None
        )
    value, *context_values = (
        median(read(record.figures) for record in finished)
        for read in (target.read, *target.context.values())
    )
    seconds = sum(record.seconds for record in finished)
    seeds = "1 seed" if len(finished) == 1 else f"{len(finished)} seeds"
    pairs = zip(target.context, context_values, strict=True)
    context = [f"; {name} {target.number_format.format(other)}" for name, other in pairs]
    text = f"{target.number_format.format(value)} ({seeds}, {seconds:.0f} s{''.join(context)})"
    return ResultRow(label, target.limit_text, text, target.compare(value, target.limit))


BENCHMARKS: Mapping[str, Callable[..., Iterable[ResultRow]]] = {"examples": examples}
