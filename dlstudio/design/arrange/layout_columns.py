"""Assigns each node a column by its depth. Cycles are broken first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dlstudio.design.model.model import Edge, Graph
from dlstudio.design.structure.cycles import (
    cycle_closing_wires,
    cyclic_components,
    topological_order,
)

Alignment = Literal["early", "middle", "late"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The graph with its columns.

    Attributes:
        index: Column by node, from 0; every wire leads to a higher column.
        slack: Number of columns by which a node could move right without moving its successors.
        successors: Distinct nodes that a node feeds.
        predecessors: Distinct nodes that feed a node.
    """

    index: Mapping[str, int]
    slack: Mapping[str, int]
    successors: Mapping[str, tuple[str, ...]]
    predecessors: Mapping[str, tuple[str, ...]]


def assign_columns(graph: Graph, alignment: Alignment = "middle") -> Columns:
    """Return the column of each node, as far left as its inputs allow.

    A path that is shorter than its neighbours has one long wire: at its end (`early`), at its start
    (`late`), or in the middle, so that both halves are next to what they are wired to (`middle`).
    A path without an input is placed next to the node it feeds.
    """
    graph = _without_cycles(graph)
    successors: dict[str, dict[str, None]] = {node_id: {} for node_id in graph.nodes}
    predecessors: dict[str, dict[str, None]] = {node_id: {} for node_id in graph.nodes}
    for edge in graph.edges.values():
        successors[edge.source][edge.target] = None
        predecessors[edge.target][edge.source] = None
    order = topological_order(graph)
    earliest: dict[str, int] = {}
    for node_id in order:
        earliest[node_id] = 1 + max(
            (earliest[source] for source in predecessors[node_id]), default=-1
        )
    latest = dict(earliest)
    for node_id in reversed(order):
        if successors[node_id]:
            latest[node_id] = min(latest[target] for target in successors[node_id]) - 1
    column = dict(earliest)
    for node_id in reversed(order):
        has_slack = latest[node_id] > earliest[node_id]
        if (
            has_slack and _is_placed_late(node_id, alignment, predecessors, successors)
        ) or not predecessors[node_id]:
            nearest = min(
                (column[target] for target in successors[node_id]), default=column[node_id] + 1
            )
            column[node_id] = nearest - 1
    return Columns(
        column,
        {node_id: latest[node_id] - earliest[node_id] for node_id in order},
        {node_id: tuple(targets) for node_id, targets in successors.items()},
        {node_id: tuple(sources) for node_id, sources in predecessors.items()},
    )


def connected_components(graph: Graph) -> list[tuple[str, ...]]:
    """Return the connected components, larger ones first, ids in graph order."""
    neighbours: dict[str, list[str]] = {node_id: [] for node_id in graph.nodes}
    for edge in graph.edges.values():
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    seen: set[str] = set()
    components = []
    for node_id in graph.nodes:
        if node_id in seen:
            continue
        component = {node_id}
        waiting = [node_id]
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other not in component:
                    component.add(other)
                    waiting.append(other)
        seen |= component
        components.append(component)
    order = {node_id: number for number, node_id in enumerate(graph.nodes)}
    ordered = [tuple(sorted(component, key=order.__getitem__)) for component in components]
    return sorted(ordered, key=lambda component: (-len(component), order[component[0]]))


def _without_cycles(graph: Graph) -> Graph:
    cut: set[str] = set()
    for component in cyclic_components(graph):
        cut.update(edge.key for edge in cycle_closing_wires(graph, component))
    if not cut:
        return graph
    remaining: dict[str, Edge] = {key: edge for key, edge in graph.edges.items() if key not in cut}
    return Graph(graph.nodes, remaining)


def _is_placed_late(
    node: str,
    alignment: Alignment,
    predecessors: Mapping[str, Mapping[str, None]],
    successors: Mapping[str, Mapping[str, None]],
) -> bool:
    """Return whether a node with slack is placed at the end of its path.

    A path without an input has no start to align with.
    """
    ahead, _ = _follow_branch(node, successors, predecessors)
    behind, start = _follow_branch(node, predecessors, successors)
    placed_late = {"early": False, "middle": ahead < behind, "late": True}[alignment]
    return ahead > 0 and (placed_late or not predecessors[start])


def _follow_branch(
    node: str,
    onward: Mapping[str, Mapping[str, None]],
    backward: Mapping[str, Mapping[str, None]],
) -> tuple[int, str]:
    """Return the number of nodes on an unbranched path from `node`, and the node after it."""
    count = 0
    while len(onward[node]) == 1 and len(backward[node]) == 1 and count < 64:
        count += 1
        (node,) = onward[node]
    return count, node
