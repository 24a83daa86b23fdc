"""Caches the structure problems of every scope until its structure changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dlstudio.design.model.canvas_metrics import Position
from dlstudio.design.model.model import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    TOP,
    Edge,
    Graph,
    Node,
    Project,
)
from dlstudio.design.model.ports import Port, Ports
from dlstudio.design.model.problems import Problem
from dlstudio.design.structure.expand import Expanded
from dlstudio.design.structure.structure import structure_problems
from dlstudio.layers.registry import find

_POSITION_DEPENDENT = frozenset({"unconnected-port", "reaches-no-output"})
"""Codes of problems whose fixes depend on the positions of the cards."""


@dataclass(frozen=True, slots=True)
class _CachedScope:
    edges: Mapping[str, Edge]
    nodes: tuple[tuple[str, ...], ...]
    blocks: object
    positions: Mapping[str, Position]
    problems: tuple[Problem, ...]


class StructureCache:
    """Caches the structure problems of each scope's graph."""

    def __init__(self) -> None:
        """Start with an empty cache."""
        self._known: dict[str, _CachedScope] = {}

    def problems(self, project: Project, expanded: Expanded) -> Iterator[Problem]:
        """Yield the structure problems of the top level and of every placed block."""
        yield from self._scope_problems(project, TOP)
        for scope, prefix in sorted(expanded.block_prefixes.items()):
            for problem in self._scope_problems(project, scope):
                path = f"{prefix}{problem.path}" if problem.path else prefix.rstrip(".")
                yield replace(problem, path=path)

    def _scope_problems(self, project: Project, scope: str) -> tuple[Problem, ...]:
        graph = project.graph_at(scope)
        nodes = tuple([_structure_key(node) for node in graph.nodes.values()])
        blocks = project.blocks if any(BLOCK in key for key in nodes) else None
        positions = project.layout_at(scope).positions
        known = self._known.get(scope)
        if (
            known is None
            or known.blocks is not blocks
            or known.nodes != nodes
            or known.edges != graph.edges
            or _have_moved(known, positions)
        ):
            problems = tuple(_find_problems(project, graph, positions))
            known = _CachedScope(graph.edges, nodes, blocks, positions, problems)
            self._known[scope] = known
        return known.problems


def _have_moved(known: _CachedScope, positions: Mapping[str, Position]) -> bool:
    return known.positions is not positions and any(
        p.code in _POSITION_DEPENDENT for p in known.problems
    )


def _structure_key(node: Node) -> tuple[str, ...]:
    """Return the parts of a node on which structure problems and their texts depend."""
    if node.kind == BLOCK:
        return (node.id, node.kind, node.title, str(node.settings.get("block")))
    return (node.id, node.kind, node.title)


def _find_problems(
    project: Project, graph: Graph, positions: Mapping[str, Position]
) -> list[Problem]:
    def ports_of(node: Node) -> Ports | None:
        return node_ports(project, node)

    return structure_problems(graph, ports_of, _is_input, _is_output, positions)


def node_ports(project: Project, node: Node) -> Ports | None:
    """Return a node's ports, or None if its kind or block is unknown."""
    if node.kind == BLOCK_INPUT:
        return Ports(outputs=(Port("output"),))
    if node.kind == BLOCK_OUTPUT:
        return Ports(inputs=(Port("input"),))
    if node.kind == BLOCK:
        return _block_ports(project, node)
    kind = find(node.kind)
    return None if kind is None else Ports(kind.inputs, kind.outputs)


def _block_ports(project: Project, node: Node) -> Ports | None:
    block = project.blocks.get(str(node.settings.get("block")))
    if block is None:
        return None
    inner = block.graph.nodes.values()
    return Ports(
        tuple(Port(inner_node.id) for inner_node in inner if inner_node.kind == BLOCK_INPUT),
        tuple(Port(inner_node.id) for inner_node in inner if inner_node.kind == BLOCK_OUTPUT),
    )


def _is_input(node: Node) -> bool:
    return node.kind in {"input", BLOCK_INPUT}


def _is_output(node: Node) -> bool:
    return node.kind in {"output", BLOCK_OUTPUT}
