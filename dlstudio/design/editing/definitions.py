"""Copies block definitions, with everything they need, into another design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.identifiers import next_free_id, unique_title
from dlstudio.design.model.model import BLOCK, Block, Graph, Layout, Node, Project


@dataclass(frozen=True, slots=True)
class Definitions:
    """Blocks by id, with all blocks they contain, and their layouts."""

    blocks: Mapping[str, Block] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)


def placed_block_id(node: Node) -> str:
    """Return the id of the block that a node places, or an empty string."""
    return str(node.settings.get("block", "")) if node.kind == BLOCK else ""


def definitions_for(project: Project, nodes: Iterable[Node]) -> Definitions:
    """Return the definitions of the blocks that these nodes place, including nested ones."""
    needed: dict[str, Block] = {}
    waiting = list(nodes)
    while waiting:
        block = project.blocks.get(placed_block_id(waiting.pop()))
        if block is not None and block.id not in needed:
            needed[block.id] = block
            waiting += block.graph.nodes.values()
    return Definitions(
        needed,
        {block_id: project.layouts[block_id] for block_id in needed if block_id in project.layouts},
    )


def uses_block(project: Project, outer: str, inner: str) -> bool:
    """Return whether a block is, or contains at any depth, another one."""
    return outer == inner or any(
        block.id == inner
        for block in definitions_for(
            project, project.blocks[outer].graph.nodes.values() if outer in project.blocks else ()
        ).blocks.values()
    )


def merge_definitions(
    project: Project, definitions: Definitions
) -> tuple[Project, Mapping[str, str]]:
    """Return the project with these definitions, and their ids in it.

    An identical definition is not added again; one whose id or title is taken gets a new one.
    """
    known, layouts = dict(project.blocks), dict(project.layouts)
    ids: dict[str, str] = {}
    for block in _inner_first(definitions.blocks):
        nodes = {node_id: with_block_id(node, ids) for node_id, node in block.graph.nodes.items()}
        candidate = replace(block, graph=Graph(nodes, block.graph.edges))
        existing = _equal_block(known, candidate)
        if existing is not None:
            ids[block.id] = existing
            continue
        taken = {*known, *definitions.blocks}
        new_id = block.id if block.id not in known else next_free_id(taken, block.id)
        ids[block.id] = new_id
        titles = {other.title for other in known.values()}
        known[new_id] = replace(
            candidate, id=new_id, title=unique_title(block.title, titles.__contains__)
        )
        if block.id in definitions.layouts:
            layouts[new_id] = definitions.layouts[block.id]
    if len(known) == len(project.blocks):
        return project, ids
    return replace(project, blocks=known, layouts=layouts), ids


def with_block_id(node: Node, ids: Mapping[str, str]) -> Node:
    """Return a placement with its block id replaced; any other node unchanged."""
    block = placed_block_id(node)
    if not block or ids.get(block, block) == block:
        return node
    return replace(node, settings={**node.settings, "block": ids[block]})


def _inner_first(blocks: Mapping[str, Block]) -> Iterator[Block]:
    visited: set[str] = set()

    def visit(block_id: str) -> Iterator[Block]:
        if block_id in visited or block_id not in blocks:
            return
        visited.add(block_id)
        for node in blocks[block_id].graph.nodes.values():
            yield from visit(placed_block_id(node))
        yield blocks[block_id]

    for block_id in blocks:
        yield from visit(block_id)


def _equal_block(known: Mapping[str, Block], candidate: Block) -> str | None:
    """Return the block that is equal apart from its id and the number after its title."""
    first = [candidate.id] if candidate.id in known else []
    for block_id in (*first, *known):
        number = known[block_id].title.removeprefix(candidate.title)
        same = replace(known[block_id], id=candidate.id, title=candidate.title) == candidate
        if same and (not number or number.removeprefix(" ").isdecimal()):
            return block_id
    return None
