"""Fixes that add an Output, together with what the layers before it then need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from dlstudio.design.commands.repairs import apply_repair, several
from dlstudio.design.edits import EditError
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.report import Report

CheckFunction = Callable[[Project], Report]
_MAX_FOLLOW_UPS = 3


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
            repairs=tuple(_completed(project, repair, check) for repair in problem.repairs),
        )
        if any(repair.edit == "add_output" for repair in problem.repairs)
        else problem
        for problem in problems
    )


def _completed(project: Project, repair: Repair, check: CheckFunction) -> Repair:
    """Return the fix, joined with the first fixes of the contradictions that it would lead to."""
    if repair.edit != "add_output":
        return repair
    steps = [repair]
    changed = _applied(project, repair)
    while changed is not None and len(steps) <= _MAX_FOLLOW_UPS:
        follow_up = _follow_up(project, changed, check)
        if follow_up is None:
            break
        steps.append(follow_up)
        changed = _applied(changed, follow_up)
    if len(steps) == 1:
        return repair
    names = [f"{step.title[0].lower()}{step.title[1:]}" for step in steps[1:]]
    title = ", ".join([repair.title, *names[:-1]])
    return several(f"{title}, and {names[-1]}", tuple(steps))


def _applied(project: Project, repair: Repair) -> Project | None:
    try:
        return apply_repair(project, repair)
    except EditError:
        return None


def _follow_up(project: Project, changed: Project, check: CheckFunction) -> Repair | None:
    """Return the first fix of a contradiction on a card that was added, None without any."""
    added = changed.graph.nodes.keys() - project.graph.nodes.keys()
    return next(
        (
            problem.repairs[0]
            for problem in check(changed).problems
            if problem.path in added and problem.is_contradiction and problem.repairs
        ),
        None,
    )
