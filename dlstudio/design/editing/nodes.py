"""Edits that add, remove and change nodes. Pure functions; unchanged parts stay the same object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.design.editing.definitions import uses_block
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.layout_edits import remove_from_layout
from dlstudio.design.editing.lookup import (
    checked_settings,
    checked_text,
    graph_of,
    known_nodes,
    node_of,
    replace_parts,
    set_positions,
)
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX, Position
from dlstudio.design.model.identifiers import new_id
from dlstudio.design.model.model import BLOCK, TOP, Edge, Node, Project
from dlstudio.design.model.values import Value, one_line, same_value


def add_node(
    project: Project,
    kind: str,
    position: Position = (0.0, 0.0),
    settings: Mapping[str, Value] | None = None,
    title: str = "",
    *,
    scope: str = TOP,
) -> tuple[Project, str]:
    """Return the project with a new, unwired node, and the node's id."""
    graph = graph_of(project, scope)
    if not kind:
        raise EditError("A layer needs a kind.")
    node_settings = dict(checked_settings(settings or {}))
    stem = str(node_settings.get("block", kind)) if kind == BLOCK else kind
    if kind == BLOCK:
        check_not_recursive(project, (stem,), scope)
    node = Node(
        new_id(project, scope, stem),
        checked_text(kind),
        node_settings,
        one_line(checked_text(title)),
    )
    project = replace_parts(project, scope, nodes={**graph.nodes, node.id: node})
    return set_positions(project, {node.id: position}, scope), node.id


def check_not_recursive(project: Project, blocks: Iterable[str], scope: str) -> None:
    """Raise EditError if one of these blocks would contain itself."""
    for block_id in blocks:
        if scope != TOP and uses_block(project, block_id, scope):
            raise EditError(f"{project.blocks[scope].title} cannot contain itself.")


def remove_nodes(
    project: Project, ids: Iterable[str], rewire: bool = False, scope: str = TOP
) -> Project:
    """Return the project without these nodes and their wires.

    Ids with the prefix `note:` are notes. With `rewire`, wires from a removed node's outputs start
    at the source of its first input instead.
    """
    ids = tuple(dict.fromkeys(ids))
    graph = graph_of(project, scope)
    removed = {node.id for node in known_nodes(graph, _only_node_ids(ids))}
    if removed:
        edges = _bridge_removed(graph.edges, removed) if rewire else graph.edges
        remaining = {
            key: edge
            for key, edge in edges.items()
            if edge.source not in removed and edge.target not in removed
        }
        nodes = {node_id: node for node_id, node in graph.nodes.items() if node_id not in removed}
        for node in graph.nodes.values():
            if node.weights_from in removed and node.id in nodes:
                nodes[node.id] = replace(node, weights_from=None)
        changed = len(remaining) != len(graph.edges) or edges is not graph.edges
        project = replace_parts(project, scope, nodes=nodes, edges=remaining if changed else None)
    return remove_from_layout(project, ids, scope)


def set_settings(
    project: Project, ids: Iterable[str], changes: Mapping[str, Value], scope: str = TOP
) -> Project:
    """Return the project with these settings of several nodes changed."""
    checked_settings(changes)
    return _edit_nodes(project, ids, scope, lambda node: _with_settings(node, changes))


def reset_settings(
    project: Project, ids: Iterable[str], names: Collection[str], scope: str = TOP
) -> Project:
    """Return the project with these settings reset to the kind's defaults."""
    return _edit_nodes(project, ids, scope, lambda node: _without_settings(node, names))


def set_title(project: Project, node_id: str, title: str, scope: str = TOP) -> Project:
    """Return the project with a node's title changed; an empty one shows the kind's title."""
    title = one_line(checked_text(title))
    return _edit_nodes(
        project, (node_id,), scope, lambda n: n if n.title == title else replace(n, title=title)
    )


def change_kind(
    project: Project, node_id: str, kind: str, settings: Mapping[str, Value], scope: str = TOP
) -> Project:
    """Return the project with a node of another kind, whose ports have the same names.

    The node keeps its id, title and wires.
    """
    settings = checked_settings(settings)
    return _edit_nodes(
        project, (node_id,), scope, lambda n: replace(n, kind=kind, settings=dict(settings))
    )


def set_weights_from(project: Project, node_id: str, path: str | None, scope: str = TOP) -> Project:
    """Return the project with a node sharing another one's weights, or with its own again."""
    graph = graph_of(project, scope)
    if path == node_id:
        raise EditError("A layer cannot share its weights with itself.")
    if path and "." not in path:
        node_of(graph, path)
    path = path or None
    return _edit_nodes(
        project,
        (node_id,),
        scope,
        lambda n: n if n.weights_from == path else replace(n, weights_from=path),
    )


def _edit_nodes(
    project: Project, ids: Iterable[str], scope: str, edit: Callable[[Node], Node]
) -> Project:
    graph = graph_of(project, scope)
    changed = {}
    for node in known_nodes(graph, ids):
        after = edit(node)
        if after is not node:
            changed[node.id] = after
    if not changed:
        return project
    return replace_parts(project, scope, nodes={**graph.nodes, **changed})


def _with_settings(node: Node, changes: Mapping[str, Value]) -> Node:
    new = {
        name: value
        for name, value in changes.items()
        if name not in node.settings or not same_value(node.settings[name], value)
    }
    return replace(node, settings={**node.settings, **new}) if new else node


def _without_settings(node: Node, names: Collection[str]) -> Node:
    remaining = {name: value for name, value in node.settings.items() if name not in names}
    return replace(node, settings=remaining) if len(remaining) < len(node.settings) else node


def _only_node_ids(ids: Iterable[str]) -> list[str]:
    return [item_id for item_id in ids if not item_id.startswith(NOTE_PREFIX)]


def _bridge_removed(edges: Mapping[str, Edge], removed: Collection[str]) -> Mapping[str, Edge]:
    """Return the wires with those from a removed node starting at the source that fed it."""
    first: dict[str, Edge] = {}
    for edge in edges.values():
        known = first.get(edge.target)
        if edge.target in removed and (known is None or edge.slot < known.slot):
            first[edge.target] = edge
    bridged: dict[str, Edge] = {}
    for key, edge in edges.items():
        feeding = _feeding_edge(first, edge, removed)
        if feeding is None:
            bridged[key] = edge
        elif feeding.source != edge.target:
            rerouted = replace(edge, source=feeding.source, source_port=feeding.source_port)
            bridged[rerouted.key] = rerouted
    return bridged


def _feeding_edge(first: Mapping[str, Edge], edge: Edge, removed: Collection[str]) -> Edge | None:
    """Return the wire from a remaining node that fed the removed node where `edge` starts."""
    if edge.source not in removed or edge.target in removed:
        return None
    visited: set[str] = set()
    feeding: Edge | None = edge
    while feeding is not None and feeding.source in removed and feeding.source not in visited:
        visited.add(feeding.source)
        feeding = first.get(feeding.source)
    return feeding if feeding is not None and feeding.source not in removed else None
