"""Nodes that use another node's weights: which ones fit. Knows no graph module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from torch import nn

from dlstudio.design.expand import Expanded, FlatNode
from dlstudio.design.model import TOP
from dlstudio.design.problems import Problem, Repair, Severity
from dlstudio.network.evaluation import Evaluation
from dlstudio.network.meta import MetaRunner


def matching_parameters(module: nn.Module, source: nn.Module) -> tuple[str, ...]:
    """Return the names of the parameters that both have with the same shape."""
    given = {name: each.shape for name, each in source.named_parameters()}
    return tuple(name for name, each in module.named_parameters() if given.get(name) == each.shape)


def weights_home(nodes: Mapping[str, FlatNode], path: str) -> str | None:
    """Return the path of the node whose weights `path` uses in the end: often its own.

    None where a node on the way is missing, or where they name each other in a circle.
    """
    passed: set[str] = set()
    while path in nodes and path not in passed:
        passed.add(path)
        source = nodes[path].node.weights_from
        if source is None:
            return path
        path = source
    return None


def sharing_problems(
    expanded: Expanded, evaluations: Mapping[str, Evaluation], runner: MetaRunner
) -> Iterator[Problem]:
    """Yield what is wrong where a node names another one as the home of its weights."""
    for path, flat in expanded.nodes.items():
        source = flat.node.weights_from
        if source is None:
            continue
        home = weights_home(expanded.nodes, path)
        if home is None:
            yield _problem(path, f"There is no layer {source!r} with weights of its own.")
            continue
        own, other = evaluations.get(path), evaluations.get(home)
        if own is None or own.call is None or other is None or other.failed:
            continue
        if own is other or own.call == other.call:
            continue
        if _is_the_same_in_another_repeat(flat, expanded.nodes[home]):
            if not _all_match(own, other, runner):
                yield _unlike_repeat(path)
            continue
        fits = other.call and matching_parameters(
            runner.module(own.call), runner.module(other.call)
        )
        if not fits:
            yield _problem(path, f"No weight of {home!r} has the shape that this one needs.")


def _is_the_same_in_another_repeat(flat: FlatNode, home: FlatNode) -> bool:
    return flat.scope == home.scope != TOP and flat.node.id == home.node.id


def _all_match(own: Evaluation, other: Evaluation, runner: MetaRunner) -> bool:
    if own.call is None or other.call is None:
        return False
    module, source = runner.module(own.call), runner.module(other.call)
    count = len(list(module.parameters()))
    return count == len(matching_parameters(module, source)) == len(list(source.parameters()))


def _unlike_repeat(path: str) -> Problem:
    return Problem(
        Severity.ERROR,
        path,
        code="unlike-repeats",
        title="The repeats cannot share weights",
        text="In this repeat the layer needs weights of other sizes than in the first one, as what "
        "leaves the block has not the shape of what enters it. Let it end as it begins, or give "
        "each repeat its own weights.",
    )


def _problem(path: str, text: str) -> Problem:
    return Problem(
        Severity.ERROR,
        path,
        code="weights-from",
        title="Weights cannot be shared",
        text=f"{text} Choose another layer, or give this one its own weights.",
        repairs=(Repair("Give it its own weights", "set_weights_from", {"path": None}),),
    )
