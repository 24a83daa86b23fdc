"""Cards as text: copy, paste (also between windows) and duplicate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.editing.definitions import (
    Definitions,
    definitions_for,
    placed_block,
    placing,
    put_definitions,
)
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.nodes import check_not_inside_itself
from dlstudio.design.editing.parts import exchange, graph_of, known_nodes
from dlstudio.design.editing.substitution import put_in, with_refs
from dlstudio.design.identifiers import numbered, stem_of
from dlstudio.design.layout import FARTHEST, GAP, NOTE_PREFIX, Position
from dlstudio.design.model import TOP, Graph, Layout, Node, Project
from dlstudio.design.storage.block_file import decode_definitions, encode_definitions
from dlstudio.design.storage.codec import (
    decode_graph,
    decode_layout,
    encode_graph,
    encode_layout,
)
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.plain import from_plain, to_plain
from dlstudio.design.storage.text import parse
from dlstudio.design.values import Ref, Value

FORMAT = "dlstudio-clipboard"
VERSION = 1


@dataclass(frozen=True, slots=True)
class _Clip:
    graph: Graph
    layout: Layout
    held: Definitions
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Defaults of the parameters of the block it was cut out of."""


def copy(project: Project, ids: Iterable[str], scope: str = TOP) -> str:
    """Return nodes, the wires between them, and notes (`note:<id>`) as text."""
    clip = _cut_out(project, ids, scope)
    values = {
        "format": FORMAT,
        "version": VERSION,
        "graph": encode_graph(clip.graph),
        "layout": encode_layout(clip.layout),
        "parameters": to_plain(clip.parameters),
        **encode_definitions(clip.held),
    }
    return json.dumps(values, sort_keys=True, ensure_ascii=False, allow_nan=False)


def paste(
    project: Project, text: str, position: Position | None = None, scope: str = TOP
) -> tuple[Project, tuple[str, ...]]:
    """Return the project with copied things put in, and their new ids.

    Args:
        project: The project.
        text: What `copy` returned, perhaps in another window.
        position: Where the top left corner goes; None: a little beside where it was.
        scope: Where to paste.

    Raises:
        EditError: The text holds nothing that can be pasted.
    """
    clip = _read(text)
    corners = _corners(clip.layout)
    left, top = min((x for x, _ in corners), default=0.0), min((y for _, y in corners), default=0.0)
    offset = (GAP, GAP) if position is None else (position[0] - left, position[1] - top)
    return _put_in(project, clip, offset, scope)


def duplicate(
    project: Project, ids: Iterable[str], offset: Position = (GAP, GAP), scope: str = TOP
) -> tuple[Project, tuple[str, ...]]:
    """Return the project with these nodes and notes doubled, and the new ids."""
    return _put_in(project, _cut_out(project, ids, scope), offset, scope)


def is_pasteable(text: str) -> bool:
    """Return whether `paste` would take the text."""
    if FORMAT not in text:
        return False
    try:
        _read(text)
    except EditError:
        return False
    return True


def _cut_out(project: Project, ids: Iterable[str], scope: str) -> _Clip:
    ids = tuple(ids)
    graph, layout = graph_of(project, scope), project.layout_at(scope)
    chosen = [each for each in ids if not each.startswith(NOTE_PREFIX)]
    nodes = {node.id: node for node in known_nodes(graph, chosen)}
    notes = {each.removeprefix(NOTE_PREFIX) for each in ids} & layout.notes.keys()
    edges = {k: e for k, e in graph.edges.items() if e.source in nodes and e.target in nodes}
    cut = Layout(
        {each: at for each, at in layout.positions.items() if each in nodes},
        {each: layout.notes[each] for each in sorted(notes)},
        {each: colour for each, colour in layout.colours.items() if each in nodes},
    )
    around = project.blocks[scope].parameters if scope != TOP else ()
    return _Clip(
        Graph(nodes, edges),
        cut,
        definitions_for(project, nodes.values()),
        {each.name: each.default for each in around},
    )


def _read(text: str) -> _Clip:
    try:
        plain = parse(text)
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise FileError("it holds no layers")
        if plain.get("version") != VERSION:
            raise FileError("it was copied from another version of dlstudio")
        graph = decode_graph(plain.get("graph", {}), "graph")
        return _Clip(
            graph,
            decode_layout(plain.get("layout", {}), graph),
            decode_definitions(plain),
            from_plain(Mapping[str, Value], plain.get("parameters", {}), "parameters"),
        )
    except FileError as error:
        raise EditError(f"The clipboard cannot be pasted: {error}.") from error


def _corners(layout: Layout) -> list[Position]:
    return [*layout.positions.values(), *((note.x, note.y) for note in layout.notes.values())]


def _put_in(
    project: Project, clip: _Clip, offset: Position, scope: str
) -> tuple[Project, tuple[str, ...]]:
    graph = graph_of(project, scope)
    for x, y in _corners(clip.layout):
        if not max(abs(x + offset[0]), abs(y + offset[1])) <= FARTHEST:
            raise EditError("This is too far out to be a place on the canvas.")
    project, block_ids = put_definitions(project, clip.held)
    check_not_inside_itself(project, map(placed_block, clip.graph.nodes.values()), scope)
    here = {each.name for each in project.blocks[scope].parameters} if scope != TOP else set()
    strange = {name: value for name, value in clip.parameters.items() if name not in here}
    nodes = dict(graph.nodes)
    names: dict[str, str] = {}
    for node in clip.graph.nodes.values():
        stem = node.id.rstrip("0123456789").rstrip("_") or node.kind
        names[node.id] = new = numbered(nodes, stem_of(stem))
        nodes[new] = replace(node, id=new)
    for new in names.values():
        known = with_refs(nodes[new], lambda ref: _known(ref, strange))
        nodes[new] = _renamed(known, names, block_ids, graph)
    edges = dict(graph.edges)
    for edge in clip.graph.edges.values():
        led = replace(edge, source=names[edge.source], target=names[edge.target])
        edges[led.key] = led
    layout, notes = _with_cards(project.layout_at(scope), clip.layout, names, offset)
    if not names and not notes:
        return project, ()
    project = exchange(
        project, scope, nodes=nodes, edges=edges if clip.graph.edges else None, layout=layout
    )
    return project, (*names.values(), *notes)


def _with_cards(
    old: Layout, clip: Layout, names: Mapping[str, str], offset: Position
) -> tuple[Layout, tuple[str, ...]]:
    dx, dy = offset
    placed = {names[each]: (x + dx, y + dy) for each, (x, y) in clip.positions.items()}
    notes = dict(old.notes)
    new_notes = []
    for note in clip.notes.values():
        new = numbered(notes, "note")
        notes[new] = replace(note, id=new, x=note.x + dx, y=note.y + dy)
        new_notes.append(NOTE_PREFIX + new)
    colours = {names[each]: colour for each, colour in clip.colours.items()}
    layout = Layout({**old.positions, **placed}, notes, {**old.colours, **colours})
    return layout, tuple(new_notes)


def _known(ref: Ref, strange: Mapping[str, Value]) -> Value:
    """Return what stands for a parameter of the block that was left behind, if it is whole."""
    try:
        return put_in(ref, strange)
    except EditError:
        return ref


def _renamed(
    node: Node, names: Mapping[str, str], block_ids: Mapping[str, str], graph: Graph
) -> Node:
    if node.weights_from is not None:
        first, dot, rest = node.weights_from.partition(".")
        if first in names:
            node = replace(node, weights_from=names[first] + dot + rest)
        elif first not in graph.nodes:
            node = replace(node, weights_from=None)
    return placing(node, block_ids)
