"""How deep each node lies, as a column of the arrangement. Circles are opened first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dlstudio.design.cycles import closing_wires, cyclic_parts, topological
from dlstudio.design.model import Edge, Graph

Lean = Literal["early", "middle", "late"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The graph as the arrangement sees it.

    Attributes:
        of: Column by node, from 0; every wire leads to a higher one.
        slack: How many columns a node could be put off without moving what follows.
        after: Nodes that a node feeds, each once.
        before: Nodes that feed a node, each once.
    """

    of: Mapping[str, int]
    slack: Mapping[str, int]
    after: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]


def columns_of(graph: Graph, lean: Lean = "middle") -> Columns:
    """Return a column for each node, as far left as its inputs allow.

    A path that is shorter than its neighbours has one long wire: at its end (`early`), at its start
    (`late`), or within it, so that both halves stand beside what they are wired to (`middle`).
    What begins a flow stands beside what it feeds.
    """
    graph = _opened(graph)
    after: dict[str, dict[str, None]] = {each: {} for each in graph.nodes}
    before: dict[str, dict[str, None]] = {each: {} for each in graph.nodes}
    for edge in graph.edges.values():
        after[edge.source][edge.target] = None
        before[edge.target][edge.source] = None
    order = topological(graph)
    early: dict[str, int] = {}
    for each in order:
        early[each] = 1 + max((early[source] for source in before[each]), default=-1)
    late = dict(early)
    for each in reversed(order):
        if after[each]:
            late[each] = min(late[target] for target in after[each]) - 1
    column = dict(early)
    for each in reversed(order):
        room = late[each] > early[each]
        if (room and _stands_late(each, lean, before, after)) or not before[each]:
            nearest = min((column[target] for target in after[each]), default=column[each] + 1)
            column[each] = nearest - 1
    return Columns(
        column,
        {each: late[each] - early[each] for each in order},
        {each: tuple(targets) for each, targets in after.items()},
        {each: tuple(sources) for each, sources in before.items()},
    )


def components(graph: Graph) -> list[tuple[str, ...]]:
    """Return the groups of nodes that hang together, larger ones first, ids in graph order."""
    beside: dict[str, list[str]] = {each: [] for each in graph.nodes}
    for edge in graph.edges.values():
        beside[edge.source].append(edge.target)
        beside[edge.target].append(edge.source)
    seen: set[str] = set()
    parts = []
    for each in graph.nodes:
        if each in seen:
            continue
        part = {each}
        waiting = [each]
        while waiting:
            for other in beside[waiting.pop()]:
                if other not in part:
                    part.add(other)
                    waiting.append(other)
        seen |= part
        parts.append(part)
    numbers = {each: number for number, each in enumerate(graph.nodes)}
    ordered = [tuple(sorted(part, key=numbers.__getitem__)) for part in parts]
    return sorted(ordered, key=lambda part: (-len(part), numbers[part[0]]))


def _opened(graph: Graph) -> Graph:
    cut: set[str] = set()
    for part in cyclic_parts(graph):
        cut.update(edge.key for edge in closing_wires(graph, part))
    if not cut:
        return graph
    kept: dict[str, Edge] = {key: edge for key, edge in graph.edges.items() if key not in cut}
    return Graph(graph.nodes, kept)


def _stands_late(
    node: str,
    lean: Lean,
    before: Mapping[str, Mapping[str, None]],
    after: Mapping[str, Mapping[str, None]],
) -> bool:
    """Return whether a node with room stands at the end of its path.

    A path that begins the flow has no start to stand at.
    """
    ahead, _ = _run(node, after, before)
    behind, start = _run(node, before, after)
    leans = {"early": False, "middle": ahead < behind, "late": True}[lean]
    return ahead > 0 and (leans or not before[start])


def _run(
    node: str,
    onward: Mapping[str, Mapping[str, None]],
    backward: Mapping[str, Mapping[str, None]],
) -> tuple[int, str]:
    """Return how many nodes of an unbranched path lie from `node` on, and what comes then."""
    count = 0
    while len(onward[node]) == 1 and len(backward[node]) == 1 and count < 64:
        count += 1
        (node,) = onward[node]
    return count, node
