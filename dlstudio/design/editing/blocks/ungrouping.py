"""Ungroups a block: replaces its card by the layers inside, the inverse of `grouping.group`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dlstudio.design.editing.blocks.block_spacing import block_corner, open_gap
from dlstudio.design.editing.blocks.group_selectors import paths_out_of_block
from dlstudio.design.editing.blocks.grouping import placements, remove_definition
from dlstudio.design.editing.blocks.references import substitute
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import graph_of, node_of, replace_parts
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, Position
from dlstudio.design.model.identifiers import id_stem, next_free_id, split_id
from dlstudio.design.model.model import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    TOP,
    Block,
    Edge,
    Layout,
    Node,
    Project,
)
from dlstudio.design.model.values import Value

MAX_REPEATS = 100
_T = TypeVar("_T")


def ungroup(project: Project, node_id: str, scope: str = TOP) -> Project:
    """Return the project with a block's card replaced by the layers inside.

    Names are kept if they are free; parameters become their values; repeats are expanded. The
    definition is removed with its last placement.

    Raises:
        EditError: The node is not a block, or its repeats cannot be expanded.
    """
    graph = graph_of(project, scope)
    node = node_of(graph, node_id)
    block = project.blocks.get(str(node.settings.get("block"))) if node.kind == BLOCK else None
    if block is None:
        raise EditError(f"{node.title or node.id} is not a block.")
    if node.settings.get("each_step") is True:
        raise EditError(
            f"{node.title or block.title} runs once per time step, which its layers alone cannot "
            "do. Turn “For each time step” off before you ungroup it."
        )
    expansion = _Expansion(
        {other_id: other for other_id, other in graph.nodes.items() if other_id != node_id},
        _placement_values(node, block),
        project.used_ids.get(scope, {}),
    )
    for number in range(_repeat_count(node, block)):
        expansion.add_repeat(block, share=node.settings.get("share") is True and number > 0)
    for other_id, other in expansion.nodes.items():
        expansion.nodes[other_id] = _with_weights_path(other, node_id, expansion.names)
    expansion.edges = {
        e.key: e for e in _ungrouped_edges(graph.edges, node_id, block, expansion.names)
    }
    layout = _ungrouped_layout(project, scope, node_id, block, expansion)
    project = replace(
        project, training=paths_out_of_block(project, scope, node_id, expansion.names)
    )
    ungrouped = replace_parts(
        project, scope, nodes=expansion.nodes, edges=expansion.edges, layout=layout
    )
    if placements(ungrouped, block.id):
        return ungrouped
    return remove_definition(_with_notes(project, ungrouped, node_id, block, scope), block.id)


@dataclass
class _Expansion:
    """The scope's nodes and wires so far, and for each repeat the new names of the inner ids."""

    nodes: dict[str, Node]
    values: Mapping[str, Value]
    used_ids: Mapping[str, int]
    names: list[dict[str, str]] = field(default_factory=list)
    edges: Mapping[str, Edge] = field(default_factory=dict)

    def add_repeat(self, block: Block, *, share: bool) -> None:
        """Add one repeat of the block's inner nodes."""
        inner = [n for n in block.graph.nodes.values() if n.kind not in {BLOCK_INPUT, BLOCK_OUTPUT}]
        names: dict[str, str] = {}
        for node in inner:
            stem = id_stem(split_id(node.id)[0])
            is_free = node.id not in self.nodes
            used = self.used_ids.get(stem, 0)
            names[node.id] = node.id if is_free else next_free_id(self.nodes, stem, used)
            self.nodes[names[node.id]] = node
        for node in inner:
            path = _renamed_path(node.weights_from, names)
            if share:
                path = _renamed_path(node.weights_from or node.id, self.names[0])
            settings = {key: substitute(part, self.values) for key, part in node.settings.items()}
            if all(settings[key] is part for key, part in node.settings.items()):
                settings = dict(node.settings)
            new = names[node.id]
            after = Node(new, node.kind, settings, node.title, path)
            self.nodes[new] = node if after == node else after
        self.names.append(names)


def _placement_values(node: Node, block: Block) -> dict[str, Value]:
    stored = node.settings.get("values")
    values = stored if isinstance(stored, Mapping) else {}
    return {
        parameter.name: values.get(parameter.name, parameter.default)
        for parameter in block.parameters
    }


def _repeat_count(node: Node, block: Block) -> int:
    repeat = node.settings.get("repeat", 1)
    if isinstance(repeat, bool) or not isinstance(repeat, int) or not 1 <= repeat <= MAX_REPEATS:
        raise EditError(
            f"{node.title or block.title} can only be ungrouped when it is repeated a fixed number "
            f"of times, at most {MAX_REPEATS}."
        )
    return repeat


def _ungrouped_edges(
    edges: Mapping[str, Edge], placement: str, block: Block, names: list[dict[str, str]]
) -> list[Edge]:
    """Return the scope's wires with the inner ones in place of those of the block's card."""
    inner = list(block.graph.edges.values())
    ins = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_INPUT]
    outs = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_OUTPUT]
    feeding = {
        e.target_port: (e.source, e.source_port) for e in edges.values() if e.target == placement
    }
    result = [e for e in edges.values() if placement not in (e.source, e.target)]
    origins: dict[str, tuple[str, str]] = {}
    for number, repeat in enumerate(names):
        sources = dict(feeding)
        if number and ins and outs:
            sources.pop(ins[0], None)
            if outs[0] in origins:
                sources[ins[0]] = origins[outs[0]]
        origins = {}
        for edge in inner:
            is_inner = edge.source in repeat
            origin = (
                (repeat[edge.source], edge.source_port) if is_inner else sources.get(edge.source)
            )
            if origin is None:
                continue
            if edge.target in repeat:
                target = repeat[edge.target]
                result.append(Edge(origin[0], target, origin[1], edge.target_port, edge.slot))
            else:
                origins[edge.target] = origin
    for edge in edges.values():
        if edge.source == placement and edge.source_port in origins:
            source, port = origins[edge.source_port]
            result.append(replace(edge, source=source, source_port=port))
    return result


def _with_weights_path(node: Node, placement: str, names: list[dict[str, str]]) -> Node:
    """Return a node with a `weights_from` path into the block rewritten to the ungrouped node."""
    first, _, rest = (node.weights_from or "").partition(".")
    if first != placement or not rest:
        return node
    number, _, inner = rest.partition(".")
    repeat, rest = (int(number), inner) if number.isdigit() else (0, rest)
    path = _renamed_path(rest, names[repeat]) if repeat < len(names) else None
    return replace(node, weights_from=path)


def _renamed_path(path: str | None, names: Mapping[str, str]) -> str | None:
    first, dot, rest = (path or "").partition(".")
    return names[first] + dot + rest if first in names else path


def _ungrouped_layout(
    project: Project, scope: str, placement: str, block: Block, expansion: _Expansion
) -> Layout:
    """Return the scope's layout with the inner cards in place of the block's; others move aside."""
    outer, inner = project.layout_at(scope), project.layout_at(block.id)
    new_positions: dict[str, Position] = {}
    positions = _inner_positions(block, inner)
    width = (
        max(positions, default=(0.0, 0.0))[0]
        - min(positions, default=(0.0, 0.0))[0]
        + CARD_SIZE[0]
        + COLUMN_GAP
    )
    dx, dy = _block_offset(outer, placement, block, inner)
    for number, repeat in enumerate(expansion.names):
        for inner_id, new in repeat.items():
            if inner_id in inner.positions:
                x, y = inner.positions[inner_id]
                new_positions[new] = (x + dx + number * width, y + dy)
    outer = open_gap(outer, placement, new_positions, expansion.edges.values())
    colours = {
        new: inner.colours[inner_id]
        for repeat in expansion.names
        for inner_id, new in repeat.items()
        if inner_id in inner.colours
    }
    return replace(
        outer,
        positions={**_without(outer.positions, placement), **new_positions},
        colours={**_without(outer.colours, placement), **colours},
    )


def _without(values: Mapping[str, _T], placement: str) -> dict[str, _T]:
    return {node_id: value for node_id, value in values.items() if node_id != placement}


def _with_notes(
    project: Project, ungrouped: Project, placement: str, block: Block, scope: str
) -> Project:
    """Return the project with the notes of a removed block next to its ungrouped cards."""
    inner, outer = project.layout_at(block.id), ungrouped.layout_at(scope)
    if not inner.notes:
        return ungrouped
    dx, dy = _block_offset(project.layout_at(scope), placement, block, inner)
    notes = dict(outer.notes)
    for note in inner.notes.values():
        new_id = note.id if note.id not in notes else next_free_id(notes, "note")
        notes[new_id] = replace(note, id=new_id, x=note.x + dx, y=note.y + dy)
    return ungrouped.with_layout(replace(outer, notes=notes), scope)


def _inner_positions(block: Block, inner: Layout) -> list[Position]:
    ends = {BLOCK_INPUT, BLOCK_OUTPUT}
    return [
        inner.positions[node.id]
        for node in block.graph.nodes.values()
        if node.kind not in ends and node.id in inner.positions
    ]


def _block_offset(outer: Layout, placement: str, block: Block, inner: Layout) -> Position:
    """Return the offset that aligns a block's inner cards with the position of its card."""
    left, top = block_corner(block.graph, inner)
    x, y = outer.positions.get(placement, (left, top))
    return x - left, y - top
