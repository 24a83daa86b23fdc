"""A placed block in the report: under which paths its inside is known, what runs in and out.

A block that is placed several times is looked at in the placement that was opened, or its first
one, and in that one's first repeat. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from dlstudio.design.editing.definitions import placed_block_id
from dlstudio.design.model.model import BLOCK_INPUT, BLOCK_OUTPUT, TOP, Edge, Graph, Node, Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.report import NodeReport, Report
from dlstudio.design.model.signals import Signal
from dlstudio.design.structure.expand import FOLD, UNFOLD, fold_path

Reports = Mapping[str, NodeReport]
WIRING_CODES = frozenset(
    {"no-input", "no-output", "port-taken", "reaches-no-output", "unconnected-port",
     "unknown-port", "cycle"}
)  # fmt: skip
"""Problems of a block's wiring: the same in all placements, told at one of them."""
MAX_PLACEMENTS = 200
"""So many placements are looked through for them; nested blocks multiply."""
PlacementPath = tuple[str, ...]
"""Ids of the placements that were opened one inside the other, from the top level on."""


def label_repeat(problem: Problem) -> Problem:
    """Return a problem that says in which repeat of its block it is, if not in the first."""
    numbers = [int(segment) + 1 for segment in problem.path.split(".") if segment.isdigit()]
    if max(numbers, default=1) == 1:
        return problem
    which = ", ".join(f"repeat {number}" for number in numbers)
    return replace(problem, text=f"In {which}: {problem.text}")


def first_placement_path(project: Project, scope: str) -> PlacementPath | None:
    """Return the way to the first placement of a scope, None where it is not placed anywhere."""
    return next(placement_paths(project, scope), None)


def placement_paths(
    project: Project, scope: str, outer_blocks: frozenset[str] = frozenset()
) -> Iterator[PlacementPath]:
    """Yield the ways to all placements of a scope.

    `outer_blocks` holds the blocks already entered: a block that holds itself has no way.
    """
    if scope == TOP:
        yield ()
        return
    entered = outer_blocks | {scope}
    for outer in (TOP, *project.blocks):
        nodes = () if outer in entered else project.graph_at(outer).nodes.values()
        for node in nodes:
            if placed_block_id(node) == scope:
                yield from ((*path, node.id) for path in placement_paths(project, outer, entered))


def wiring_problem_prefixes(project: Project, scope: str, report: Report) -> tuple[str, ...]:
    """Return what stands before a scope's ids in the placement where its wiring's problems are.

    Nothing where there are none; they are told for one placement, and hold for all.
    """
    paths = [problem.path for problem in report.problems if problem.code in WIRING_CODES]
    if not paths or scope == TOP:
        return ()
    placements = islice(placement_paths(project, scope), MAX_PLACEMENTS)
    prefixes = (path_prefix(project, placement, report.nodes) for placement in placements)
    return tuple(prefix for prefix in prefixes if any(path.startswith(prefix) for path in paths))


def scopes_on_path(project: Project, path: PlacementPath) -> tuple[str, ...] | None:
    """Return the scopes from the top level down a way, None where it leads nowhere (any more)."""
    scopes = [TOP]
    for node_id in path:
        node = project.graph_at(scopes[-1]).nodes.get(node_id)
        block = placed_block_id(node) if node is not None else ""
        if block not in project.blocks or block in scopes:
            return None
        scopes.append(block)
    return tuple(scopes)


def path_prefix(project: Project, path: PlacementPath, reports: Reports) -> str:
    """Return what stands before the ids at the end of a way in the report: `stage_1.0.`.

    Raises:
        KeyError: The way leads nowhere.
    """
    prefix, scope = "", TOP
    for node_id in path:
        node = project.graph_at(scope).nodes[node_id]
        prefix = repeat_prefixes(node, prefix + node_id, reports)[0]
        scope = placed_block_id(node)
    return prefix


def scope_prefix(project: Project, scope: str, reports: Reports) -> str | None:
    """Return what stands before the ids of a scope in its first placement.

    None where the block is not placed anywhere; an empty text for the top level.
    """
    path = first_placement_path(project, scope)
    return None if path is None else path_prefix(project, path, reports)


def parameter_values(
    project: Project, path: PlacementPath, data_sizes: Mapping[str, int]
) -> Mapping[str, int]:
    """Return the numbers that a `Ref` may use at the end of a way, as the placements set them."""
    values, scope = data_sizes, TOP
    for node_id in path:
        node = project.graph_at(scope).nodes[node_id]
        scope = placed_block_id(node)
        values = block_parameter_values(project, scope, node, values, data_sizes)
    return values


def block_parameter_values(
    project: Project,
    block: str,
    node: Node | None,
    outer_values: Mapping[str, int],
    data_sizes: Mapping[str, int],
) -> Mapping[str, int]:
    """Return the data's numbers and a block's parameters, as a placement sets them or by default.

    Args:
        project: The design.
        block: The block's id.
        node: Its placement; None where there is none.
        outer_values: What the placement's values may refer to.
        data_sizes: The data's numbers.
    """
    stored = node.settings.get("values") if node is not None else None
    values = stored if isinstance(stored, Mapping) else {}
    numbers = dict(data_sizes)
    for parameter in project.blocks[block].parameters:
        with suppress(ValueError):
            number = resolve_refs(values.get(parameter.name, parameter.default), outer_values)
            if isinstance(number, int):
                numbers[parameter.name] = number
    return numbers


def repeat_prefixes(node: Node, path: str, reports: Reports) -> tuple[str, str]:
    """Return what stands before the ids in a placement's first and in its last repeat."""
    repeat = node.settings.get("repeat", 1)
    if isinstance(repeat, int):
        return (f"{path}.0.", f"{path}.{repeat - 1}.") if repeat > 1 else (f"{path}.",) * 2
    numbers = [
        int(number)
        for report_path in reports
        if report_path.startswith(f"{path}.")
        and (number := report_path[len(path) + 1 :].partition(".")[0]).isdecimal()
    ]
    return (f"{path}.0.", f"{path}.{max(numbers)}.") if numbers else (f"{path}.",) * 2


@dataclass(frozen=True, slots=True)
class ScopeSignals:
    """One graph of the design and where the report knows its nodes."""

    project: Project
    graph: Graph
    prefix: str
    reports: Reports

    def output_signal(self, node_id: str, port: str) -> Signal | None:
        """Return what leaves a node by a port; of a block what its last repeat gives out."""
        node = self.graph.nodes.get(node_id)
        block = self.project.blocks.get(placed_block_id(node)) if node else None
        if node is None or block is None:
            report = self.reports.get(self.prefix + node_id)
            return report.outputs.get(port) if report else None
        if node.settings.get("each_step") is True:
            report = self.reports.get(fold_path(self.prefix + node_id, block, port, UNFOLD))
            return report.outputs.get("output") if report else None
        source_edge = next(
            (edge for edge in block.graph.edges.values() if edge.target == port), None
        )
        if source_edge is None:
            return None
        if block.graph.nodes[source_edge.source].kind == BLOCK_INPUT:
            return self._wired_signal(node_id, source_edge.source)
        last = repeat_prefixes(node, self.prefix + node_id, self.reports)[1]
        return self._inner_scope(block.graph, last).output_signal(
            source_edge.source, source_edge.source_port
        )

    def input_signal(self, edge: Edge) -> Signal | None:
        """Return what comes to the end of a wire; in a block the first layer there tells."""
        node = self.graph.nodes.get(edge.target)
        block = self.project.blocks.get(placed_block_id(node)) if node else None
        if node is None or block is None:
            report = self.reports.get(self.prefix + edge.target)
            signals = report.inputs.get(edge.target_port, ()) if report else ()
            return signals[0] if len(signals) == 1 else None
        if node.settings.get("each_step") is True:
            path = fold_path(self.prefix + edge.target, block, edge.target_port, FOLD)
            report = self.reports.get(path)
            return next(iter(report.inputs.get("input", ())), None) if report else None
        first = repeat_prefixes(node, self.prefix + edge.target, self.reports)[0]
        inner = self._inner_scope(block.graph, first)
        wires = (e for e in block.graph.edges.values() if e.source == edge.target_port)
        return next(
            (signal for edge in wires if (signal := inner.input_signal(edge)) is not None), None
        )

    def _wired_signal(self, node_id: str, port: str) -> Signal | None:
        """Return what is wired to a placement's port."""
        for edge in self.graph.edges.values():
            if (edge.target, edge.target_port) == (node_id, port):
                return self.output_signal(edge.source, edge.source_port)
        return None

    def _inner_scope(self, graph: Graph, prefix: str) -> ScopeSignals:
        return ScopeSignals(self.project, graph, prefix, self.reports)


def output_ports(project: Project, node: Node) -> list[str]:
    """Return the names of a placement's output ports."""
    block = project.blocks.get(placed_block_id(node))
    inner = block.graph.nodes.values() if block is not None else ()
    return [child.id for child in inner if child.kind == BLOCK_OUTPUT]
