"""Cards as text: copy, paste (also between windows) and duplicate."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.parts import exchange, graph_of, known_nodes
from dlstudio.design.identifiers import numbered, stem_of
from dlstudio.design.layout import FARTHEST, GAP, NOTE_PREFIX, Position
from dlstudio.design.model import BLOCK, TOP, Block, Graph, Layout, Node, Project
from dlstudio.design.storage.codec import (
    decode_block,
    decode_graph,
    decode_layout,
    encode_block,
    encode_graph,
    encode_layout,
)
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.plain import expect
from dlstudio.design.storage.text import parse

FORMAT = "dlstudio-clipboard"
VERSION = 1


@dataclass(frozen=True, slots=True)
class _Clip:
    graph: Graph
    layout: Layout
    blocks: Mapping[str, Block]


def copy(project: Project, ids: Iterable[str], scope: str = TOP) -> str:
    """Return nodes, the wires between them, and notes (`note:<id>`) as text."""
    clip = _cut_out(project, ids, scope)
    values = {
        "format": FORMAT,
        "version": VERSION,
        "graph": encode_graph(clip.graph),
        "layout": encode_layout(clip.layout),
        "blocks": {each: encode_block(block) for each, block in clip.blocks.items()},
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
    return _Clip(Graph(nodes, edges), cut, _needed_blocks(project, nodes.values()))


def _needed_blocks(project: Project, nodes: Collection[Node]) -> dict[str, Block]:
    needed: dict[str, Block] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        block = project.blocks.get(str(node.settings.get("block"))) if node.kind == BLOCK else None
        if block is not None and block.id not in needed:
            needed[block.id] = block
            waiting += block.graph.nodes.values()
    return needed


def _read(text: str) -> _Clip:
    try:
        plain = parse(text)
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise FileError("it holds no layers")
        if plain.get("version") != VERSION:
            raise FileError("it was copied from another version of dlstudio")
        graph = decode_graph(plain.get("graph", {}), "graph")
        blocks: Any = plain.get("blocks", {})
        expect(blocks, dict, "blocks")
        return _Clip(
            graph,
            decode_layout(plain.get("layout", {}), graph),
            {each: decode_block(each, part) for each, part in blocks.items()},
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
    project, block_ids = _with_blocks(project, clip.blocks)
    nodes = dict(graph.nodes)
    names: dict[str, str] = {}
    for node in clip.graph.nodes.values():
        stem = node.id.rstrip("0123456789").rstrip("_") or node.kind
        names[node.id] = new = numbered(nodes, stem_of(stem))
        nodes[new] = replace(node, id=new)
    for new in names.values():
        nodes[new] = _renamed(nodes[new], names, block_ids, graph)
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


def _renamed(
    node: Node, names: Mapping[str, str], block_ids: Mapping[str, str], graph: Graph
) -> Node:
    if node.weights_from is not None:
        first, dot, rest = node.weights_from.partition(".")
        if first in names:
            node = replace(node, weights_from=names[first] + dot + rest)
        elif first not in graph.nodes:
            node = replace(node, weights_from=None)
    block = node.settings.get("block")
    if node.kind == BLOCK and isinstance(block, str) and block_ids.get(block, block) != block:
        node = replace(node, settings={**node.settings, "block": block_ids[block]})
    return node


def _with_blocks(
    project: Project, blocks: Mapping[str, Block]
) -> tuple[Project, Mapping[str, str]]:
    """Return the project with these definitions, equal ones shared, and their ids in it."""
    known = dict(project.blocks)
    ids = {
        each: each if known.get(each, block) == block else numbered({**known, **blocks}, each)
        for each, block in blocks.items()
    }
    for each, block in blocks.items():
        if ids[each] not in known:
            nodes = {n.id: _renamed(n, {}, ids, block.graph) for n in block.graph.nodes.values()}
            graph = Graph(nodes, block.graph.edges)
            known[ids[each]] = replace(block, id=ids[each], graph=graph)
    return (project if len(known) == len(project.blocks) else replace(project, blocks=known)), ids
