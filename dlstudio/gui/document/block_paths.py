"""Maps a block's inner nodes to their paths in the report, and finds its input and output signals.

A block with several placements is shown in the placement that was opened, or else in the first
one, and there in the first repeat. Imports no widget.
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
"""Problems of a block's wiring: the same in all placements, reported for one of them."""
MAX_PLACEMENTS = 200
"""Number of placements searched for wiring problems; nested blocks multiply."""
PlacementPath = tuple[str, ...]
"""Ids of nested placements, outermost first."""


def label_repeat(problem: Problem) -> Problem:
    """Return the problem with its repeat named in the text, unless it is in the first repeat."""
    numbers = [int(segment) + 1 for segment in problem.path.split(".") if segment.isdigit()]
    if max(numbers, default=1) == 1:
        return problem
    which = ", ".join(f"repeat {number}" for number in numbers)
    return replace(problem, text=f"In {which}: {problem.text}")


def first_placement_path(project: Project, scope: str) -> PlacementPath | None:
    """Return the path to the first placement of a scope, or None if it has no placement."""
    return next(placement_paths(project, scope), None)


def placement_paths(
    project: Project, scope: str, outer_blocks: frozenset[str] = frozenset()
) -> Iterator[PlacementPath]:
    """Yield the paths to all placements of a scope.

    `outer_blocks` holds the blocks already entered: a block that contains itself has no path.
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
    """Return the path prefixes of those placements of a scope that have wiring problems.

    Wiring problems are reported for one placement and hold for all of them.
    """
    paths = [problem.path for problem in report.problems if problem.code in WIRING_CODES]
    if not paths or scope == TOP:
        return ()
    placements = islice(placement_paths(project, scope), MAX_PLACEMENTS)
    prefixes = (path_prefix(project, placement, report.nodes) for placement in placements)
    return tuple(prefix for prefix in prefixes if any(path.startswith(prefix) for path in paths))


def scopes_on_path(project: Project, path: PlacementPath) -> tuple[str, ...] | None:
    """Return the scopes from the top level along a path, or None if the path does not exist."""
    scopes = [TOP]
    for node_id in path:
        node = project.graph_at(scopes[-1]).nodes.get(node_id)
        block = placed_block_id(node) if node is not None else ""
        if block not in project.blocks or block in scopes:
            return None
        scopes.append(block)
    return tuple(scopes)


def path_prefix(project: Project, path: PlacementPath, reports: Reports) -> str:
    """Return the report's prefix for the nodes at the end of a path, such as `stage_1.0.`.

    Raises:
        KeyError: The path does not exist.
    """
    prefix, scope = "", TOP
    for node_id in path:
        node = project.graph_at(scope).nodes[node_id]
        prefix = repeat_prefixes(node, prefix + node_id, reports)[0]
        scope = placed_block_id(node)
    return prefix


def scope_prefix(project: Project, scope: str, reports: Reports) -> str | None:
    """Return the report's prefix for a scope's nodes in its first placement.

    None if the block has no placement; an empty string for the top level.
    """
    path = first_placement_path(project, scope)
    return None if path is None else path_prefix(project, path, reports)


def parameter_values(
    project: Project, path: PlacementPath, data_sizes: Mapping[str, int]
) -> Mapping[str, int]:
    """Return the numbers that a `Ref` may use at the end of a path, as the placements set them."""
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
    """Return the data's sizes and a block's parameters, as a placement sets them or by default.

    Args:
        project: The design.
        block: The block's id.
        node: Its placement, or None.
        outer_values: What the placement's values may refer to.
        data_sizes: The data's sizes by name, such as `classes`.
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
    """Return the report's prefixes for a placement's first and last repeat."""
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
    """The signals of one graph of the design; `prefix` is its path in the report."""

    project: Project
    graph: Graph
    prefix: str
    reports: Reports

    def output_signal(self, node_id: str, port: str) -> Signal | None:
        """Return the signal at an output port; for a block, that of its last repeat."""
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
        """Return the signal at the end of a wire; for a block, that of the first layer inside."""
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
        """Return the signal connected to a placement's input port."""
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
