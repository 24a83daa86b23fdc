"""Checks nodes that use another node's weights. Independent of graph modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from torch import nn

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair, Severity, error, warning
from dlstudio.design.structure.expand import Expanded, FlatNode
from dlstudio.network.check.evaluation import Evaluation
from dlstudio.network.check.meta import MetaRunner
from dlstudio.network.check.repeats import SHARING_CODE, placement_at


def matching_parameters(module: nn.Module, source: nn.Module) -> tuple[str, ...]:
    """Return the names of the parameters that both have with equal shapes."""
    shapes = {name: parameter.shape for name, parameter in source.named_parameters()}
    return tuple(
        name for name, parameter in module.named_parameters() if shapes.get(name) == parameter.shape
    )


def weight_owner(nodes: Mapping[str, FlatNode], path: str) -> str | None:
    """Return the path of the node that owns the weights of `path`, often `path` itself.

    None if a node on the way is missing, or where nodes refer to each other in a cycle.
    """
    visited: set[str] = set()
    while path in nodes and path not in visited:
        visited.add(path)
        source = nodes[path].node.weights_from
        if source is None:
            return path
        path = source
    return None


def sharing_problems(
    project: Project,
    expanded: Expanded,
    evaluations: Mapping[str, Evaluation],
    runner: MetaRunner,
) -> Iterator[Problem]:
    """Yield problems of nodes that refer to another node's weights.

    Of a block's repeats only the first that cannot share is reported.
    """
    reported: set[str] = set()
    for path, flat in expanded.nodes.items():
        source = flat.node.weights_from
        if source is None:
            continue
        owner = weight_owner(expanded.nodes, path)
        if owner is None:
            yield _problem(path, f"There is no layer {source!r} with weights of its own.")
            continue
        own, other = evaluations.get(path), evaluations.get(owner)
        if own is None or own.call is None or other is None or other.failed:
            continue
        if own is other or own.call == other.call:
            continue
        block = _common_placement(path, owner)
        if block in reported:
            continue
        module, source_module = runner.module(own.call), other.call and runner.module(other.call)
        if block and source_module and not _have_weights(module, source_module):
            continue
        fits = matching_parameters(module, source_module) if source_module else ()
        alike = other.call is not None and own.call.target == other.call.target
        if fits and not (alike and len(fits) < len(tuple(module.parameters()))):
            continue
        if block:
            reported.add(block)
            yield _repeat_problem(project, block, path, owner, fits)
        elif fits:
            yield _partial_problem(path, owner, fits)
        else:
            yield _problem(path, f"No weight of {owner!r} has the shape that this one needs.")


def _have_weights(*modules: nn.Module) -> bool:
    return any(next(module.parameters(), None) is not None for module in modules)


def _common_placement(path: str, owner: str) -> str:
    """Return the path of the placement whose repeats contain both layers, or an empty string."""
    segments, others = path.split("."), owner.split(".")
    for index, (one, other) in enumerate(zip(segments, others, strict=False)):
        if one != other:
            return ".".join(segments[:index]) if one.isdigit() and other.isdigit() else ""
    return ""


def _repeat_problem(
    project: Project, block: str, path: str, owner: str, fits: tuple[str, ...]
) -> Problem:
    scope, placement = placement_at(project, block)
    shared = f"only {_join_names(fits)} can be shared" if fits else "no weight can be shared"
    return (warning if fits else error)(
        SHARING_CODE,
        "The repeats cannot share their weights",
        f"The input of a later repeat has another shape than that of the first, so {shared} "
        f"between {path} and {owner}. Make the block's output shape equal to its input shape, "
        "or give every repeat its own weights.",
        Repair(
            "Give every repeat its own weights",
            "set_settings",
            {"scope": scope, "node": placement, "changes": {"share": False}},
        ),
        path=path,
        short="cannot share",
    )


def _partial_problem(path: str, owner: str, fits: tuple[str, ...]) -> Problem:
    return replace(
        _problem(path, f"Only {_join_names(fits)} of {owner!r} has the shape that this one needs."),
        severity=Severity.WARNING,
        title="Only part of the weights is shared",
        short="partly shared",
    )


def _join_names(names: tuple[str, ...]) -> str:
    return " and ".join(f"“{name}”" for name in names)


def _problem(path: str, text: str) -> Problem:
    return error(
        SHARING_CODE,
        "Weights cannot be shared",
        f"{text} Choose another layer, or give this one its own weights.",
        Repair("Give it its own weights", "set_weights_from", {"path": None}),
        path=path,
        short="cannot share",
    )
