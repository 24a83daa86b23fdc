"""Metrics, losses, schedules and optimisers against torch, scikit-learn or double precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from dlstudio.training.specs.registry import BUILTIN_TASKS
from tests.benchmarks.rows import ResultRow
from tests.training.references.table import optimiser_rows, schedule_rows, task_rows

INPUTS = 200
"""Drawn inputs of each loss, schedule and optimiser."""


def figures() -> Iterator[ResultRow]:
    """Yield the largest difference of each, as a share of the reference if that is above 1."""
    tasks = chain.from_iterable(task_rows(task, INPUTS) for task in BUILTIN_TASKS)
    for row in chain(tasks, schedule_rows(INPUTS), optimiser_rows(INPUTS)):
        yield ResultRow(
            f"{row.name} = {row.source}",
            f"<= {row.tolerance:.0e}",
            f"{row.worst:.1e} on {row.inputs} inputs",
            row.worst <= row.tolerance,
        )


BENCHMARKS: Mapping[str, Callable[[], Iterator[ResultRow]]] = {"figures": figures}
