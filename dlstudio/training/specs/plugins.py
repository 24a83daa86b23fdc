"""Tasks of installed packages, from the entry point `dlstudio.tasks`, as `TaskSpec` values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dlstudio.entry_points import Plugins, find_plugins
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.specs.core.task_spec import TARGETS, TaskSpec

GROUP = "dlstudio.tasks"


def find_task_plugins(builtin: Mapping[str, TaskSpec]) -> Plugins[TaskSpec]:
    """Return the tasks of all installed packages."""
    losses = {loss.name: loss for task in builtin.values() for loss in task.losses}

    def rejection_reasons(spec: Any, taken: Collection[str]) -> Iterator[str]:
        yield from _rejection_reasons(spec, taken, losses)
        losses.update((loss.name, loss) for loss in spec.losses)

    return find_plugins(GROUP, "tasks", "a tuple of TaskSpec values", rejection_reasons, builtin)


def _rejection_reasons(
    spec: Any, taken: Collection[str], losses: Mapping[str, NamedOption]
) -> Iterator[str]:
    """Yield each reason why an object is not a valid task; `losses` are those of other tasks."""
    if not isinstance(spec, TaskSpec):
        yield f"{spec!r} is not a TaskSpec"
    if spec.name in taken:
        yield f"there is already a task called {spec.name!r}"
    required = ("name", "title", "summary", "objective", "losses", "outputs")
    missing = [name for name in required if not getattr(spec, name)]
    if missing:
        yield f"{spec.name!r} has no {', '.join(missing)}"
    if spec.target not in TARGETS:
        yield f"{spec.name!r} has the unknown target {spec.target!r}"
    yield from (
        f"{spec.name!r} redefines the loss {loss.name!r}"
        for loss in spec.losses
        if losses.get(loss.name, loss) != loss
    )
    for option in (spec, *spec.losses):
        try:
            option.parse({})
        except ValueError as error:
            yield f"{option.name!r} has invalid defaults: {error}"
