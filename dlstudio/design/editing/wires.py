"""Edits of wires. A wire may close a cycle: the check reports it and offers to remove a wire."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import edge_of, graph_of, replace_parts
from dlstudio.design.model.model import TOP, Edge, Graph, Project
from dlstudio.design.structure.wire_rules import malformed_wire


def connect(project: Project, edge: Edge, scope: str = TOP) -> Project:
    """Return the project with a wire added; it replaces the one at the same port and slot."""
    graph = graph_of(project, scope)
    if edge.key in graph.edges:
        return project
    check_edge(graph, edge)
    end = f">{edge.target}.{edge.target_port}#{edge.slot}"
    edges = {key: wire for key, wire in graph.edges.items() if not key.endswith(end)}
    edges[edge.key] = edge
    return replace_parts(project, scope, edges=edges)


def disconnect(project: Project, keys: Iterable[str], scope: str = TOP) -> Project:
    """Return the project without these wires."""
    graph = graph_of(project, scope)
    edges = dict(graph.edges)
    for key in dict.fromkeys(keys):
        del edges[edge_of(graph, key).key]
    return project if len(edges) == len(graph.edges) else replace_parts(project, scope, edges=edges)


def reconnect(project: Project, key: str, edge: Edge, scope: str = TOP) -> Project:
    """Return the project with one wire reconnected."""
    graph = graph_of(project, scope)
    if edge_of(graph, key) == edge:
        return project
    check_edge(graph, edge)
    return connect(disconnect(project, (key,), scope), edge, scope)


def check_edge(graph: Graph, edge: Edge) -> None:
    """Raise an EditError for a wire that no edit may add; a cycle is left to the check."""
    refusal = malformed_wire(graph, edge)
    if refusal is not None:
        raise EditError(f"{refusal.text}.")
