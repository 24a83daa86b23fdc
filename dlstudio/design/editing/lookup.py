"""Lookups that raise an EditError, and replacement of parts of a project."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dlstudio.design.editing.errors import EditError
from dlstudio.design.model.canvas_metrics import MAX_COORDINATE, Position
from dlstudio.design.model.model import TOP, Edge, Graph, Layout, Node, Project
from dlstudio.design.model.values import Value, check_text, check_value


def graph_of(project: Project, scope: str) -> Graph:
    """Return a scope's graph; EditError if the block no longer exists."""
    if scope != TOP and scope not in project.blocks:
        raise EditError(f"There is no block called {scope!r} any more.")
    return project.graph_at(scope)


def node_of(graph: Graph, node_id: str) -> Node:
    """Return a node; EditError if it no longer exists."""
    try:
        return graph.nodes[node_id]
    except KeyError:
        raise EditError(f"There is no layer called {node_id!r} here any more.") from None


def edge_of(graph: Graph, key: str) -> Edge:
    """Return a wire; EditError if it no longer exists."""
    try:
        return graph.edges[key]
    except KeyError:
        raise EditError("This wire no longer exists.") from None


def known_nodes(graph: Graph, ids: Iterable[str]) -> tuple[Node, ...]:
    """Return the nodes of these ids without duplicates; EditError if one no longer exists."""
    return tuple(node_of(graph, node_id) for node_id in dict.fromkeys(ids))


def replace_parts(
    project: Project,
    scope: str,
    *,
    nodes: Mapping[str, Node] | None = None,
    edges: Mapping[str, Edge] | None = None,
    layout: Layout | None = None,
) -> Project:
    """Return the project with the given parts of one scope replaced."""
    if nodes is not None or edges is not None:
        old = project.graph_at(scope)
        graph = Graph(old.nodes if nodes is None else nodes, old.edges if edges is None else edges)
        project = project.with_graph(graph, scope)
    return project if layout is None else project.with_layout(layout, scope)


def set_positions(project: Project, positions: Mapping[str, Position], scope: str) -> Project:
    """Return the project with these cards at new positions; equal positions stay as they are."""
    layout = project.layout_at(scope)
    changed = {
        node_id: checked_position(position)
        for node_id, position in positions.items()
        if layout.positions.get(node_id) != position
    }
    if not changed:
        return project
    layout = replace(layout, positions={**layout.positions, **changed})
    return project.with_layout(layout, scope)


def checked_position(position: Position) -> Position:
    """Return the position as plain floats; EditError if it is outside the canvas."""
    x, y = float(position[0]), float(position[1])
    if not (math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= MAX_COORDINATE):
        raise EditError(f"({x:g}, {y:g}) is outside the canvas.")
    return x, y


def checked_settings(settings: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the settings; EditError if one could not be stored in a file."""
    for name, value in settings.items():
        try:
            check_value(value)
        except ValueError as error:
            raise EditError(f"{name} cannot be set: {error}.") from error
    return settings


def checked_text(text: str) -> str:
    """Return the text; EditError if it could not be stored in a file."""
    try:
        check_text(text)
    except ValueError as error:
        raise EditError(f"This cannot be stored: {error}.") from error
    return text
