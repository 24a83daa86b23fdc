"""Fixes that add an Output, together with what the layers before it then need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dlstudio.design.commands.repairs import apply_repair, several
from dlstudio.design.edits import EditError
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.report import Report

CheckFunction = Callable[[Project], Report]
_MAX_FOLLOW_UPS = 3
_ALTERNATIVES = ("add_piece", "set_settings")
"""Edits of a second fix that is offered as well."""


def with_complete_outputs(
    project: Project, problems: Iterable[Problem], check: CheckFunction
) -> tuple[Problem, ...]:
    """Return the problems; a fix that adds an Output leads to no contradiction there.

    Args:
        project: The design.
        problems: All its problems.
        check: Checks a changed design.
    """
    return tuple(
        replace(
            problem,
            repairs=tuple(
                completed
                for repair in problem.repairs
                for completed in _completed(project, repair, check)
            ),
        )
        if any(repair.edit == "add_output" for repair in problem.repairs)
        else problem
        for problem in problems
    )


def _completed(project: Project, repair: Repair, check: CheckFunction) -> Iterator[Repair]:
    """Yield the fix, joined with fixes of the contradictions that it would lead to.

    The first of them can have two: keep the last layer and insert others, or make it fit.
    """
    changed = _applied(project, repair) if repair.edit == "add_output" else None
    follow_ups = () if changed is None else _follow_ups(project, changed, check)
    if not follow_ups:
        yield repair
    for number, follow_up in enumerate(follow_ups):
        if number == 0 or follow_up.edit in _ALTERNATIVES:
            yield _joined(project, (repair, follow_up), check)


def _joined(project: Project, begin: tuple[Repair, ...], check: CheckFunction) -> Repair:
    """Return the steps as one fix, with the first fix of each contradiction that is left."""
    steps = list(begin)
    changed: Project | None = project
    for step in begin:
        changed = changed and _applied(changed, step)
    while changed is not None and len(steps) <= _MAX_FOLLOW_UPS:
        follow_ups = _follow_ups(project, changed, check)
        if not follow_ups:
            break
        steps.append(follow_ups[0])
        changed = _applied(changed, follow_ups[0])
    names = [f"{step.title[0].lower()}{step.title[1:]}" for step in steps[1:]]
    title = ", ".join([steps[0].title, *names[:-1]])
    return several(f"{title}, and {names[-1]}", tuple(steps))


def _applied(project: Project, repair: Repair) -> Project | None:
    try:
        return apply_repair(project, repair)
    except EditError:
        return None


def _follow_ups(project: Project, changed: Project, check: CheckFunction) -> tuple[Repair, ...]:
    """Return the fixes of the first contradiction on a card that was added."""
    added = changed.graph.nodes.keys() - project.graph.nodes.keys()
    return next(
        (
            problem.repairs
            for problem in check(changed).problems
            if problem.path in added and problem.is_contradiction and problem.repairs
        ),
        (),
    )
