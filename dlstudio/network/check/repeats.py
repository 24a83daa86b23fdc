"""Problems inside a repeated block: the placement that repeats it, and how often it still fits."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.problems import Problem, Repair, Severity

SHARING_CODE = "weights-from"


def placement_at(project: Project, path: str) -> tuple[str, str]:
    """Return the scope and id of the placement at a dotted path of the whole network."""
    *enclosing, node_id = (segment for segment in path.split(".") if not segment.isdigit())
    scope = TOP
    for placement_id in enclosing:
        scope = str(project.graph_at(scope).nodes[placement_id].settings["block"])
    return scope, node_id


def with_fewer_repeats(project: Project, problem: Problem) -> Problem:
    """Return an error in a later repeat with one more fix: only as many repeats as fit."""
    segments = problem.path.split(".")
    later = [index for index, segment in enumerate(segments) if segment.isdigit() and int(segment)]
    if not later or problem.severity is not Severity.ERROR or problem.code == SHARING_CODE:
        return problem
    scope, node_id = placement_at(project, ".".join(segments[: later[-1]]))
    if not isinstance(project.graph_at(scope).nodes[node_id].settings.get("repeat"), int):
        return problem
    times = int(segments[later[-1]])
    title = f"Repeat the block {times} times" if times > 1 else "Do not repeat the block"
    arguments = {"scope": scope, "node": node_id, "changes": {"repeat": times}}
    return replace(problem, repairs=(*problem.repairs, Repair(title, "set_settings", arguments)))
