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
    """Return the fix, joined with the first fix of the contradiction that it would lead to."""
    if repair.edit != "add_output":
        return repair
    try:
        changed = apply_repair(project, repair)
    except EditError:
        return repair
    added = changed.graph.nodes.keys() - project.graph.nodes.keys()
    contradictions = (
        problem
        for problem in check(changed).problems
        if problem.path in added and problem.is_contradiction and problem.repairs
    )
    problem = next(contradictions, None)
    if problem is None:
        return repair
    follow_up = problem.repairs[0]
    title = f"{repair.title}, and {follow_up.title[0].lower()}{follow_up.title[1:]}"
    return several(title, (repair, follow_up))
