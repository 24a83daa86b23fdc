"""Cycles in a graph, the wires that close them, and topological order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.design.model.model import Edge, Graph

if TYPE_CHECKING:
    import networkx as nx


def topological_order(graph: Graph) -> tuple[str, ...]:
    """Return node ids in topological order; nodes on or downstream of a cycle come last."""
    waiting = dict.fromkeys(graph.nodes, 0)
    successors: dict[str, list[str]] = {}
    for edge in graph.edges.values():
        waiting[edge.target] += 1
        successors.setdefault(edge.source, []).append(edge.target)
    order = [node_id for node_id, count in waiting.items() if count == 0]
    for node_id in order:
        for target in successors.get(node_id, ()):
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    if len(order) < len(waiting):
        ordered = set(order)
        order += [node_id for node_id in waiting if node_id not in ordered]
    return tuple(order)


def cyclic_components(graph: Graph) -> list[frozenset[str]]:
    """Return the strongly connected components that are cyclic, in a stable order."""
    import networkx as nx

    directed = directed_graph(graph.nodes, graph.edges.values())
    if nx.is_directed_acyclic_graph(directed):
        return []
    self_loops = {edge.source for edge in graph.edges.values() if edge.source == edge.target}
    components = nx.strongly_connected_components(directed)
    return sorted(
        (
            frozenset(component)
            for component in components
            if len(component) > 1 or component & self_loops
        ),
        key=sorted,
    )


def cycle_closing_wires(graph: Graph, component: Collection[str]) -> tuple[Edge, ...]:
    """Return the wires of `component` that close its cycles; without them it is acyclic."""
    edges = [e for e in graph.edges.values() if e.source in component and e.target in component]
    cut: list[Edge] = []
    while not _is_acyclic(component, edges):
        low, high = 1, len(edges)
        while low < high:
            middle = (low + high) // 2
            low, high = (
                (middle + 1, high) if _is_acyclic(component, edges[:middle]) else (low, middle)
            )
        cut.append(edges.pop(low - 1))
    return tuple(cut)


def directed_graph(nodes: Collection[str], edges: Collection[Edge]) -> nx.DiGraph[Any]:
    """Return the graph for networkx; parallel wires become one."""
    import networkx as nx

    directed: nx.DiGraph[Any] = nx.DiGraph()
    directed.add_nodes_from(nodes)
    directed.add_edges_from((edge.source, edge.target) for edge in edges)
    return directed


def _is_acyclic(nodes: Collection[str], edges: Sequence[Edge]) -> bool:
    import networkx as nx

    return bool(nx.is_directed_acyclic_graph(directed_graph(nodes, edges)))
