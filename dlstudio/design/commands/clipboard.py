"""Copies, pastes and duplicates cards as text, also between windows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.editing.blocks.references import replace_node_refs, substitute
from dlstudio.design.editing.definitions import (
    Definitions,
    definitions_for,
    merge_definitions,
    placed_block_id,
    with_block_id,
)
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import graph_of, known_nodes, replace_parts
from dlstudio.design.editing.nodes import check_not_recursive
from dlstudio.design.model.canvas_metrics import COLUMN_GAP, MAX_COORDINATE, NOTE_PREFIX, Position
from dlstudio.design.model.identifiers import (
    highest_used,
    id_stem,
    next_free_id,
    split_id,
)
from dlstudio.design.model.model import TOP, Graph, Layout, Node, Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.design.storage.block_file import decode_definitions, encode_definitions
from dlstudio.design.storage.codec import (
    decode_graph,
    decode_layout,
    encode_graph,
    encode_layout,
)
from dlstudio.design.storage.dataclass_json import from_json_value, to_json_value
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.json_text import parse_json
from dlstudio.design.structure.wire_rules import malformed_wire

FORMAT = "dlstudio-clipboard"
VERSION = 1


@dataclass(frozen=True, slots=True)
class _Clip:
    graph: Graph
    layout: Layout
    definitions: Definitions
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Parameter defaults of the block from which the cards were copied."""


def copy(project: Project, ids: Iterable[str], scope: str = TOP) -> str:
    """Return nodes, the wires between them, and notes (`note:<id>`) as text."""
    clip = _extract(project, ids, scope)
    values = {
        "format": FORMAT,
        "version": VERSION,
        "graph": encode_graph(clip.graph),
        "layout": encode_layout(clip.layout),
        "parameters": to_json_value(clip.parameters),
        **encode_definitions(clip.definitions),
    }
    return json.dumps(values, sort_keys=True, ensure_ascii=False, allow_nan=False)


def paste(
    project: Project, text: str, position: Position | None = None, scope: str = TOP
) -> tuple[Project, tuple[str, ...]]:
    """Return the project with the copied nodes and notes added, and their new ids.

    Args:
        project: The project.
        text: A result of `copy`, perhaps from another window.
        position: Position of the top left corner; None: slightly offset from the original.
        scope: Where to paste.

    Raises:
        EditError: The text contains nothing that can be pasted.
    """
    clip = _parse_clip(text)
    corners = _corners(clip.layout)
    left, top = min((x for x, _ in corners), default=0.0), min((y for _, y in corners), default=0.0)
    offset = (
        (COLUMN_GAP, COLUMN_GAP) if position is None else (position[0] - left, position[1] - top)
    )
    return _insert(project, _without_outer_sharing(clip), offset, scope)


def layers_losing_shared_weights(text: str) -> tuple[str, ...]:
    """Return the names of copied layers that share the weights of one that was not copied.

    Pasted, they have weights of their own: the other layer need not exist where they are pasted,
    and another one may have its id.

    Raises:
        EditError: The text contains nothing that can be pasted.
    """
    nodes = _parse_clip(text).graph.nodes
    return tuple(node.title or node.id for node in nodes.values() if _shares_outside(node, nodes))


def _shares_outside(node: Node, nodes: Mapping[str, Node]) -> bool:
    return node.weights_from is not None and node.weights_from.partition(".")[0] not in nodes


def _without_outer_sharing(clip: _Clip) -> _Clip:
    nodes = {
        node_id: replace(node, weights_from=None)
        if _shares_outside(node, clip.graph.nodes)
        else node
        for node_id, node in clip.graph.nodes.items()
    }
    return replace(clip, graph=Graph(nodes, clip.graph.edges))


def duplicate(
    project: Project,
    ids: Iterable[str],
    offset: Position = (COLUMN_GAP, COLUMN_GAP),
    scope: str = TOP,
) -> tuple[Project, tuple[str, ...]]:
    """Return the project with these nodes and notes duplicated, and the new ids."""
    return _insert(project, _extract(project, ids, scope), offset, scope)


def is_pasteable(text: str) -> bool:
    """Return whether `paste` accepts the text."""
    if FORMAT not in text:
        return False
    try:
        _parse_clip(text)
    except EditError:
        return False
    return True


def _extract(project: Project, ids: Iterable[str], scope: str) -> _Clip:
    ids = tuple(ids)
    graph, layout = graph_of(project, scope), project.layout_at(scope)
    node_ids = [node_id for node_id in ids if not node_id.startswith(NOTE_PREFIX)]
    nodes = {node.id: node for node in known_nodes(graph, node_ids)}
    notes = {item_id.removeprefix(NOTE_PREFIX) for item_id in ids} & layout.notes.keys()
    edges = {k: e for k, e in graph.edges.items() if e.source in nodes and e.target in nodes}
    cut = Layout(
        {node_id: position for node_id, position in layout.positions.items() if node_id in nodes},
        {note_id: layout.notes[note_id] for note_id in sorted(notes)},
        {node_id: colour for node_id, colour in layout.colours.items() if node_id in nodes},
    )
    parameters = project.blocks[scope].parameters if scope != TOP else ()
    return _Clip(
        Graph(nodes, edges),
        cut,
        definitions_for(project, nodes.values()),
        {parameter.name: parameter.default for parameter in parameters},
    )


def _parse_clip(text: str) -> _Clip:
    try:
        data = parse_json(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise FileError("it contains no layers")
        if data.get("version") != VERSION:
            raise FileError("it was copied from another version of dlstudio")
        graph = decode_graph(data.get("graph", {}), "graph")
        for edge in graph.edges.values():
            refusal = malformed_wire(graph, edge)
            if refusal is not None:
                raise FileError(refusal.text)
        return _Clip(
            graph,
            decode_layout(data.get("layout", {}), graph),
            decode_definitions(data),
            from_json_value(Mapping[str, Value], data.get("parameters", {}), "parameters"),
        )
    except FileError as error:
        raise EditError(f"The clipboard cannot be pasted: {error}.") from error


def _corners(layout: Layout) -> list[Position]:
    return [*layout.positions.values(), *((note.x, note.y) for note in layout.notes.values())]


def _insert(
    project: Project, clip: _Clip, offset: Position, scope: str
) -> tuple[Project, tuple[str, ...]]:
    graph = graph_of(project, scope)
    for x, y in _corners(clip.layout):
        if not max(abs(x + offset[0]), abs(y + offset[1])) <= MAX_COORDINATE:
            raise EditError("This position is outside the canvas.")
    project, block_ids = merge_definitions(project, clip.definitions)
    check_not_recursive(project, map(placed_block_id, clip.graph.nodes.values()), scope)
    own_names = (
        {parameter.name for parameter in project.blocks[scope].parameters}
        if scope != TOP
        else set()
    )
    foreign = {name: value for name, value in clip.parameters.items() if name not in own_names}
    nodes = dict(graph.nodes)
    names: dict[str, str] = {}
    for node in clip.graph.nodes.values():
        stem = id_stem(split_id(node.id)[0] or node.kind)
        used = highest_used(project, scope, stem)
        names[node.id] = new_id = next_free_id(nodes, stem, used)
        nodes[new_id] = replace(node, id=new_id)
    for new_id in names.values():
        resolved = replace_node_refs(nodes[new_id], lambda ref: _substitute_if_whole(ref, foreign))
        nodes[new_id] = _with_new_references(resolved, names, block_ids, graph)
    edges = dict(graph.edges)
    for edge in clip.graph.edges.values():
        new_edge = replace(edge, source=names[edge.source], target=names[edge.target])
        edges[new_edge.key] = new_edge
    layout, notes = _merge_layouts(project.layout_at(scope), clip.layout, names, offset)
    if not names and not notes:
        return project, ()
    project = replace_parts(
        project, scope, nodes=nodes, edges=edges if clip.graph.edges else None, layout=layout
    )
    return project, (*names.values(), *notes)


def _merge_layouts(
    old: Layout, clip: Layout, names: Mapping[str, str], offset: Position
) -> tuple[Layout, tuple[str, ...]]:
    dx, dy = offset
    positions = {names[node_id]: (x + dx, y + dy) for node_id, (x, y) in clip.positions.items()}
    notes = dict(old.notes)
    new_notes = []
    for note in clip.notes.values():
        new_id = next_free_id(notes, "note")
        notes[new_id] = replace(note, id=new_id, x=note.x + dx, y=note.y + dy)
        new_notes.append(NOTE_PREFIX + new_id)
    colours = {names[node_id]: colour for node_id, colour in clip.colours.items()}
    layout = Layout({**old.positions, **positions}, notes, {**old.colours, **colours})
    return layout, tuple(new_notes)


def _substitute_if_whole(ref: Ref, values: Mapping[str, Value]) -> Value:
    """Return the value of a reference to a parameter of the source block, if it is an integer."""
    try:
        return substitute(ref, values)
    except EditError:
        return ref


def _with_new_references(
    node: Node, names: Mapping[str, str], block_ids: Mapping[str, str], graph: Graph
) -> Node:
    if node.weights_from is not None:
        first, dot, rest = node.weights_from.partition(".")
        if first in names:
            node = replace(node, weights_from=names[first] + dot + rest)
        elif first not in graph.nodes:
            node = replace(node, weights_from=None)
    return with_block_id(node, block_ids)
