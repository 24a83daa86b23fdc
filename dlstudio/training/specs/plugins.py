"""Tasks that installed packages bring by the entry point `dlstudio.tasks`, as `TaskSpec` values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dlstudio.entry_points import load_group, reason_text, source_text
from dlstudio.training.specs.core.task_spec import TARGETS, TaskSpec

GROUP = "dlstudio.tasks"


def find_task_plugins(
    builtin: Mapping[str, TaskSpec],
) -> tuple[dict[str, TaskSpec], tuple[str, ...]]:
    """Return the tasks of all installed packages, and a line for each that was left out."""
    tasks: dict[str, TaskSpec] = {}
    errors: list[str] = []
    for entry, specs in load_group(GROUP, "a tuple of TaskSpec values", errors):
        for spec in specs:
            reason = _rejection_reason(spec, {**builtin, **tasks})
            if reason:
                errors.append(f"{source_text(entry)}: {reason}")
            else:
                tasks[spec.name] = spec
    return tasks, tuple(f"a package's tasks are missing: {reason}" for reason in errors)


def _rejection_reason(spec: Any, known: Mapping[str, TaskSpec]) -> str:
    """Return why an object cannot join the tasks, empty where it can."""
    try:
        return next(_rejection_reasons(spec, known), "")
    except Exception as error:  # noqa: BLE001 - a mistake in another package is reported, not raised
        return f"{spec!r} cannot be read: {reason_text(error)}"


def _rejection_reasons(spec: Any, known: Mapping[str, TaskSpec]) -> Iterator[str]:
    """Yield the reasons; each is asked only where none came before."""
    if not isinstance(spec, TaskSpec):
        yield f"{spec!r} is no TaskSpec"
    if spec.name in known:
        yield f"there is a task called {spec.name!r} already"
    required = ("name", "title", "summary", "objective", "losses", "outputs")
    missing = [name for name in required if not getattr(spec, name)]
    if missing:
        yield f"{spec.name!r} has no {', '.join(missing)}"
    if spec.target not in TARGETS:
        yield f"{spec.name!r} has the unknown target {spec.target!r}"
    losses = {loss.name: loss for task in known.values() for loss in task.losses}
    yield from (
        f"{spec.name!r} declares the loss {loss.name!r} anew"
        for loss in spec.losses
        if losses.get(loss.name, loss) != loss
    )
    for option in (spec, *spec.losses):
        try:
            option.parse({})
        except ValueError as error:
            yield f"{option.name!r} cannot be made with its defaults: {error}"
