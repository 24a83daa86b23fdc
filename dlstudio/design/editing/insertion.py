"""Edits that insert a node: on a wire, before, after, at the end. Other cards move aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.free_space import free_place, free_place_right_of, make_room
from dlstudio.design.editing.lookup import edge_of, graph_of, node_of, replace_parts
from dlstudio.design.editing.nodes import add_node
from dlstudio.design.editing.wires import check_edge, connect, disconnect
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, Position
from dlstudio.design.model.model import BLOCK_INPUT, TOP, Edge, Project
from dlstudio.design.model.values import Value
from dlstudio.design.structure.wire_rules import next_slot

SOURCE_KINDS = frozenset({"input", BLOCK_INPUT})
"""Kinds without an input."""


def insert_on_edge(
    project: Project,
    key: str,
    kind: str,
    settings: Mapping[str, Value] | None = None,
    position: Position | None = None,
    *,
    input_port: str = "input",
    output_port: str = "output",
    scope: str = TOP,
) -> tuple[Project, str]:
    """Return the project with a new node inserted on a wire, and the node's id."""
    edge = edge_of(graph_of(project, scope), key)
    project, node_id = add_node(project, kind, (0.0, 0.0), settings, scope=scope)
    project = _route_through(project, edge, node_id, (input_port, output_port), scope)
    return make_room(project, node_id, edge, position, scope), node_id


def splice_node(
    project: Project,
    key: str,
    node_id: str,
    input_port: str = "input",
    output_port: str = "output",
    *,
    scope: str = TOP,
) -> Project:
    """Return the project with an existing node without wires inserted on a wire."""
    graph = graph_of(project, scope)
    edge = edge_of(graph, key)
    node_of(graph, node_id)
    if any(node_id in (wire.source, wire.target) for wire in graph.edges.values()):
        raise EditError("Only a layer without wires can be inserted on a wire.")
    position = project.layout_at(scope).positions.get(node_id)
    project = _route_through(project, edge, node_id, (input_port, output_port), scope)
    return make_room(project, node_id, edge, position, scope)


def insert_before(
    project: Project,
    node: str,
    port: str,
    kind: str,
    settings: Mapping[str, Value] | None = None,
    *,
    slot: int = 0,
    scope: str = TOP,
) -> tuple[Project, str]:
    """Return the project with a new node that feeds a port, inserted into its wire if any."""
    graph = graph_of(project, scope)
    node_of(graph, node)
    for key, edge in graph.edges.items():
        if (edge.target, edge.target_port, edge.slot) == (node, port, slot):
            return insert_on_edge(project, key, kind, settings, scope=scope)
    x, y = project.layout_at(scope).positions.get(node, (0.0, 0.0))
    position = free_place(project, (x - CARD_SIZE[0] - COLUMN_GAP, y), scope)
    project, node_id = add_node(project, kind, position, settings, scope=scope)
    return connect(project, Edge(node_id, node, "output", port, slot), scope), node_id


def insert_after(
    project: Project,
    node: str,
    kind: str,
    settings: Mapping[str, Value] | None = None,
    port: str = "output",
    *,
    scope: str = TOP,
) -> tuple[Project, str]:
    """Return the project with a new node after a port; all wires from the port now start at it."""
    graph = graph_of(project, scope)
    node_of(graph, node)
    wires = [e for e in graph.edges.values() if (e.source, e.source_port) == (node, port)]
    if not wires:
        return append_after(project, node, kind, settings, after_port=port, scope=scope)
    project, node_id = add_node(project, kind, (0.0, 0.0), settings, scope=scope)
    edges = dict(graph.edges)
    for edge in wires:
        moved = replace(edge, source=node_id, source_port="output")
        del edges[edge.key]
        edges[moved.key] = moved
    first = Edge(node, node_id, port)
    check_edge(project.graph_at(scope), first)
    edges[first.key] = first
    project = replace_parts(project, scope, edges=edges)
    positions = project.layout_at(scope).positions
    nearest = min(wires, key=lambda edge: positions.get(edge.target, (0.0, 0.0))[0])
    return make_room(project, node_id, nearest, None, scope), node_id


def append_after(
    project: Project,
    after: str | None,
    kind: str,
    settings: Mapping[str, Value] | None = None,
    input_port: str = "input",
    *,
    after_port: str = "output",
    scope: str = TOP,
) -> tuple[Project, str]:
    """Return the project with a new node placed right of `after` and wired to it.

    Without `after`, or with a kind that has no input, the node goes to the right end, unwired.
    """
    graph = graph_of(project, scope)
    if after is None or kind in SOURCE_KINDS or not input_port:
        return add_node(
            project, kind, free_place_right_of(project, None, scope), settings, scope=scope
        )
    node_of(graph, after)
    position = free_place_right_of(project, after, scope)
    project, node_id = add_node(project, kind, position, settings, scope=scope)
    return connect(project, Edge(after, node_id, after_port, input_port), scope), node_id


def _route_through(
    project: Project, edge: Edge, node_id: str, ports: tuple[str, str], scope: str
) -> Project:
    input_port, output_port = ports
    if node_id in (edge.source, edge.target):
        raise EditError("A layer cannot be inserted on its own wire.")
    project = disconnect(project, (edge.key,), scope)
    slot = next_slot(project.graph_at(scope).edges.values(), node_id, input_port)
    project = connect(
        project, Edge(edge.source, node_id, edge.source_port, input_port, slot), scope
    )
    return connect(
        project, Edge(node_id, edge.target, output_port, edge.target_port, edge.slot), scope
    )
