"""Runs the rules that the task of a design declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from dlstudio.design.model.problems import Problem, error
from dlstudio.entry_points import reason_text, resolve_target
from dlstudio.training.options.named_option import find_option
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.roles import set_task_fix
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.registry import BUILTIN_TASKS, TASKS
from dlstudio.training.tasks.registry import load_objective

Rule = Callable[[CheckContext], Iterator[Problem]]


def task_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield the problems of the task's rules, or that the task is unknown."""
    task = context.project.training.task
    try:
        spec = find_option(TASKS, task, "task")
    except ValueError as reason:
        yield _unknown_task(task, reason)
        return
    if task in BUILTIN_TASKS:
        yield from _problems(context, spec)
    else:
        yield from _plugin_problems(context, spec)


def _problems(context: CheckContext, spec: TaskSpec) -> Iterator[Problem]:
    for target in spec.checks:
        yield from _rule(target)(context)


@cache
def _rule(target: str) -> Rule:
    rule: Rule = resolve_target(target)
    return rule


def _unknown_task(name: str, reason: ValueError) -> Problem:
    return error(
        "unknown-task",
        f"Unknown task {name!r}",
        f"{reason}. Install the package that provides it, or choose another task; its settings "
        "are kept until then.",
        set_task_fix(next(iter(BUILTIN_TASKS.values()))),
    )


def _plugin_problems(context: CheckContext, spec: TaskSpec) -> Iterator[Problem]:
    """Yield the problems of a package's rules, or one problem if its code fails."""
    try:
        load_objective(spec)
    except TrainingError as refusal:
        yield error(
            "broken-task",
            f"{spec.title} cannot be loaded",
            str(refusal),
            set_task_fix(next(iter(BUILTIN_TASKS.values()))),
        )
        return
    try:
        problems = list(_problems(context, spec))
        if not all(isinstance(problem, Problem) for problem in problems):
            raise TypeError("a rule yields a value that is not a Problem")
    except Exception as raised:  # noqa: BLE001 - an error in a package is a problem of the design
        yield error(
            "broken-task",
            f"The check of {spec.title} failed",
            f"{spec.title} comes from an installed package, and its own check failed: "
            f"{reason_text(raised)}. Update the package, or choose another task.",
            set_task_fix(next(iter(BUILTIN_TASKS.values()))),
            details=reason_text(raised),
        )
    else:
        yield from problems
