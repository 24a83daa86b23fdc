"""The rules that a task declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from dlstudio.design.model.problems import Problem
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.specs.core.task_spec import resolve_target
from dlstudio.training.specs.registry import TASKS

Rule = Callable[[CheckContext], Iterator[Problem]]


def task_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield what the task misses on the canvas or in the data."""
    task = context.project.training.task
    for target in TASKS[task].checks if task in TASKS else ():
        yield from _rule(target)(context)


@cache
def _rule(target: str) -> Rule:
    rule: Rule = resolve_target(target)
    return rule
