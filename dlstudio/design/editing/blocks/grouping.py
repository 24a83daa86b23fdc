"""Groups cards into a block."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.design.editing.blocks.block_spacing import block_corner, close_gap
from dlstudio.design.editing.blocks.group_selectors import paths_into_block
from dlstudio.design.editing.blocks.references import referenced_names
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import checked_text, graph_of, known_nodes, replace_parts
from dlstudio.design.editing.nodes import add_node
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP
from dlstudio.design.model.identifiers import id_stem, is_valid_id, next_free_id
from dlstudio.design.model.model import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    TOP,
    Block,
    Edge,
    Graph,
    Layout,
    Node,
    Parameter,
    Project,
)
from dlstudio.design.model.values import Ref, Value, one_line
from dlstudio.design.structure.structure import downstream, upstream

BOUNDARY_KINDS = frozenset({"input", "output", BLOCK_INPUT, BLOCK_OUTPUT})
"""Kinds that connect a graph to its surroundings and so cannot move into a block."""


def group(
    project: Project, ids: Iterable[str], title: str = "Block", scope: str = TOP
) -> tuple[Project, str]:
    """Return the project with these nodes grouped into a block, and the id of the block's card.

    Raises:
        EditError: The selection is empty, contains an Input or Output, or omits nodes in between.
    """
    graph = graph_of(project, scope)
    chosen = {node.id: node for node in known_nodes(graph, ids)}
    _check_groupable(graph, chosen)
    title = one_line(checked_text(title)) or "Block"
    block_id = _new_block_id(project, graph, id_stem(title))
    inner, wires = _inner_graph(graph, chosen, block_id)
    parameters = _inherited_parameters(project, inner, scope)
    layout = project.layout_at(scope)
    inner_layout = _inner_layout(layout, inner)
    position = block_corner(inner, inner_layout)
    project = replace(
        project, blocks={**project.blocks, block_id: Block(block_id, title, parameters, inner)}
    )
    project = project.with_layout(inner_layout, block_id)
    settings: dict[str, Value] = {"block": block_id}
    if parameters:
        settings["values"] = {parameter.name: Ref(parameter.name) for parameter in parameters}
    project, placement = add_node(project, BLOCK, position, settings, scope=scope)
    nodes = {
        node_id: _with_weights_path(node, chosen, placement)
        for node_id, node in project.graph_at(scope).nodes.items()
        if node_id not in chosen
    }
    edges = {
        key: edge
        for key, edge in graph.edges.items()
        if edge.source not in chosen and edge.target not in chosen
    }
    for wire in wires:
        attached = _attach_wire(wire, block_id, placement)
        edges[attached.key] = attached
    positions = {
        node_id: layout.positions[node_id] for node_id in chosen if node_id in layout.positions
    }
    layout = close_gap(
        _without_nodes(project.layout_at(scope), chosen), placement, positions, graph.edges.values()
    )
    project = replace(project, training=paths_into_block(project, scope, chosen, placement))
    return replace_parts(project, scope, nodes=nodes, edges=edges, layout=layout), placement


def set_block(project: Project, block: Block) -> Project:
    """Return the project with the title, help and parameters of a block replaced."""
    known = project.blocks.get(block.id)
    if known is None:
        raise EditError(f"There is no block called {block.id!r} any more.")
    after = replace(block, title=one_line(checked_text(block.title)), graph=known.graph)
    return (
        project if after == known else replace(project, blocks={**project.blocks, block.id: after})
    )


def remove_definition(project: Project, block_id: str) -> Project:
    """Return the project without a block definition that is not used."""
    if block_id not in project.blocks:
        raise EditError(f"There is no block called {block_id!r} any more.")
    if placements(project, block_id):
        raise EditError(f"{project.blocks[block_id].title} is still in use.")
    return replace(
        project,
        blocks={other: block for other, block in project.blocks.items() if other != block_id},
        layouts={scope: layout for scope, layout in project.layouts.items() if scope != block_id},
    )


def placements(project: Project, block_id: str) -> list[tuple[str, str]]:
    """Return (scope, node id) of every placement of a block."""
    return [
        (scope, node.id)
        for scope in (TOP, *project.blocks)
        for node in project.graph_at(scope).nodes.values()
        if node.kind == BLOCK and node.settings.get("block") == block_id
    ]


def _new_block_id(project: Project, graph: Graph, stem: str) -> str:
    taken = {*project.blocks, *graph.nodes}
    return stem if is_valid_id(stem) and stem not in taken else next_free_id(taken, stem)


def _check_groupable(graph: Graph, chosen: Mapping[str, Node]) -> None:
    if not chosen:
        raise EditError("Select the layers to group into a block first.")
    for node in chosen.values():
        if node.kind in BOUNDARY_KINDS:
            raise EditError(
                f"{node.title or node.id} cannot go into a block: inputs and outputs stay outside."
            )
        if node.weights_from and node.weights_from.partition(".")[0] not in chosen:
            raise EditError(
                f"{node.title or node.id} shares the weights of {node.weights_from}, which is "
                "not selected. Select it too, or give the layer its own weights."
            )
    between = (downstream(graph, chosen) & upstream(graph, chosen)) - chosen.keys()
    if between:
        names = ", ".join(sorted(graph.nodes[node_id].title or node_id for node_id in between)[:3])
        raise EditError(
            f"Some layers between the selected ones are not selected: {names}. Select them too."
        )


def _inherited_parameters(project: Project, inner: Graph, scope: str) -> tuple[Parameter, ...]:
    """Return the parameters of the outer block that a new inner block refers to."""
    if scope == TOP:
        return ()
    used = referenced_names(inner)
    return tuple(
        parameter for parameter in project.blocks[scope].parameters if parameter.name in used
    )


def _inner_graph(
    graph: Graph, chosen: Mapping[str, Node], block_id: str
) -> tuple[Graph, list[Edge]]:
    """Return the block's inner graph, and the outer wires with `block_id` as the new end."""
    nodes, edges, outer = dict(chosen), dict[str, Edge](), list[Edge]()
    entering = [e for e in graph.edges.values() if e.target in chosen and e.source not in chosen]
    leaving = [e for e in graph.edges.values() if e.source in chosen and e.target not in chosen]
    ins = _add_block_ends(
        nodes, "input", BLOCK_INPUT, [(e.source, e.source_port) for e in entering]
    )
    outs = _add_block_ends(
        nodes, "output", BLOCK_OUTPUT, [(e.source, e.source_port) for e in leaving]
    )
    for edge in graph.edges.values():
        if edge.source in chosen and edge.target in chosen:
            edges[edge.key] = edge
    for edge in entering:
        end = ins[edge.source, edge.source_port]
        inside = replace(edge, source=end, source_port="output")
        edges[inside.key] = inside
        outer.append(Edge(edge.source, block_id, edge.source_port, end))
    for edge in leaving:
        end = outs[edge.source, edge.source_port]
        inside = Edge(edge.source, end, edge.source_port, "input")
        edges[inside.key] = inside
        outer.append(replace(edge, source=block_id, source_port=end))
    return Graph(nodes, edges), list(dict.fromkeys(outer))


def _add_block_ends(
    nodes: dict[str, Node], stem: str, kind: str, sources: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Add one inner end node per distinct source; return the end nodes by source."""
    origins = dict.fromkeys(sources)
    ends = {}
    for origin in origins:
        is_single = len(origins) == 1 and stem not in nodes
        name = stem if is_single else next_free_id(nodes, stem)
        nodes[name] = Node(name, kind)
        ends[origin] = name
    return ends


def _attach_wire(wire: Edge, block_id: str, placement: str) -> Edge:
    if wire.source == block_id:
        return replace(wire, source=placement)
    return replace(wire, target=placement)


def _with_weights_path(node: Node, chosen: Collection[str], placement: str) -> Node:
    path = node.weights_from
    if path is None or path.partition(".")[0] not in chosen:
        return node
    return replace(node, weights_from=f"{placement}.{path}")


def _inner_layout(layout: Layout, inner: Graph) -> Layout:
    """Return the inner layout: cards at their old positions, end nodes at the sides."""
    positions = {
        node_id: position
        for node_id, position in layout.positions.items()
        if node_id in inner.nodes
    }
    colours = {
        node_id: colour for node_id, colour in layout.colours.items() if node_id in inner.nodes
    }
    left = min((x for x, _ in positions.values()), default=0.0) - CARD_SIZE[0] - COLUMN_GAP
    right = max((x for x, _ in positions.values()), default=0.0) + CARD_SIZE[0] + COLUMN_GAP
    top = min((y for _, y in positions.values()), default=0.0)
    for kind, x in ((BLOCK_INPUT, left), (BLOCK_OUTPUT, right)):
        ends = [node.id for node in inner.nodes.values() if node.kind == kind]
        for number, end in enumerate(ends):
            positions[end] = (x, top + number * (CARD_SIZE[1] + ROW_GAP))
    return Layout(positions, {}, colours)


def _without_nodes(layout: Layout, removed: Collection[str]) -> Layout:
    return replace(
        layout,
        positions={
            node_id: position
            for node_id, position in layout.positions.items()
            if node_id not in removed
        },
        colours={
            node_id: colour for node_id, colour in layout.colours.items() if node_id not in removed
        },
    )
