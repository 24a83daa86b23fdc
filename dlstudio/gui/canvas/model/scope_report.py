"""The last check report, indexed by the node ids of one scope instead of dotted paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter

from dlstudio.design.model.model import BLOCK_INPUT, BLOCK_OUTPUT, Edge, Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.signals import Signal
from dlstudio.gui.document.block_paths import (
    WIRING_CODES,
    PlacementPath,
    Reports,
    ScopeSignals,
    first_placement_path,
    label_repeat,
    output_ports,
    path_prefix,
    wiring_problem_prefixes,
)


@dataclass
class ScopeReport:
    """The part of a report that concerns one scope.

    A block placed several times is reported for the opened placement, else for the first one.
    """

    nodes: dict[str, NodeReport] = field(default_factory=dict)
    inner_nodes: dict[str, list[NodeReport]] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    broken_edges: dict[str, Problem] = field(default_factory=dict)
    prefix: str = ""
    other_prefixes: tuple[str, ...] = ()
    """Prefixes of the placements under which wiring problems of the scope are reported."""
    reports: Reports = field(default_factory=dict)

    @classmethod
    def from_report(
        cls,
        project: Project,
        report: Report,
        scope: str,
        placement_path: PlacementPath | None = None,
    ) -> ScopeReport:
        """Select what concerns the scope, seen along `placement_path` (default: the first one)."""
        placement_path = (
            first_placement_path(project, scope) if placement_path is None else placement_path
        )
        if placement_path is None:
            return cls()
        prefix = path_prefix(project, placement_path, report.nodes)
        other_prefixes = wiring_problem_prefixes(project, scope, report)
        result = cls(prefix=prefix, other_prefixes=other_prefixes, reports=report.nodes)
        for path, node in report.nodes.items():
            head, tail = _split(path, prefix)
            if head and tail:
                result.inner_nodes.setdefault(head, []).append(node)
            elif head:
                result.nodes[head] = node
        for problem in report.problems:
            head, tail = _split(problem.path, prefix)
            if not head and problem.code in WIRING_CODES:
                parts = (_split(problem.path, other) for other in other_prefixes)
                head, tail = next((part for part in parts if part[0]), ("", ""))
            if not head:
                head, tail = _split_repeat_path(problem.path, placement_path)
            if head:
                result.problems.setdefault(head, []).append(label_repeat(problem))
            if problem.edge and not tail:
                result.broken_edges[problem.edge] = problem
        return result

    def cost(self, node_id: str) -> Cost:
        """Return the cost of a node; for a placed block, the sum over its layers."""
        report = self.nodes.get(node_id)
        start = report.cost if report else Cost()
        return sum((node.cost for node in self.inner_nodes.get(node_id, ())), start)

    def worst_problem(self, node_id: str) -> Problem | None:
        """Return the most severe problem of a node, or None."""
        problems = self.problems.get(node_id)
        if not problems:
            return None
        return min(problems, key=attrgetter("rank"))

    def signal(self, project: Project, scope: str, edge: Edge) -> Signal | None:
        """Return the signal of a wire, or None while it is unknown."""
        inside = self._scope_signals(project, scope)
        return inside.output_signal(edge.source, edge.source_port) or inside.input_signal(edge)

    def outputs(self, project: Project, scope: str, node_id: str) -> tuple[Signal, ...]:
        """Return the output signals of a node; those still unknown are left out."""
        report = self.nodes.get(node_id)
        if report is not None and report.outputs:
            return tuple(report.outputs.values())
        edges = project.graph_at(scope).edges.values()
        kind = project.graph_at(scope).nodes[node_id].kind
        if kind in {BLOCK_INPUT, BLOCK_OUTPUT}:
            end = "source" if kind == BLOCK_INPUT else "target"
            own_edges = (edge for edge in edges if getattr(edge, end) == node_id)
            signals = (self.signal(project, scope, edge) for edge in own_edges)
            return tuple(signal for signal in signals if signal is not None)[:1]
        node, inside = project.graph_at(scope).nodes[node_id], self._scope_signals(project, scope)
        candidates = (inside.output_signal(node_id, port) for port in output_ports(project, node))
        return tuple(signal for signal in candidates if signal is not None)

    def blocked_by(self, node_id: str) -> str:
        """Return the path of the node that must be fixed first, or an empty string."""
        report = self.nodes.get(node_id)
        if report is not None:
            return report.blocked_by
        blockers = (
            node.blocked_by for node in self.inner_nodes.get(node_id, ()) if node.blocked_by
        )
        first = next(blockers, "")
        return "" if first.startswith(f"{self.prefix}{node_id}.") else first

    def _scope_signals(self, project: Project, scope: str) -> ScopeSignals:
        return ScopeSignals(project, project.graph_at(scope), self.prefix, self.reports)


def _split_repeat_path(path: str, placement_path: PlacementPath) -> tuple[str, str]:
    """Split a path, whatever its repeat indices, into the scope's node id and the rest."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    if len(parts) <= len(placement_path) or tuple(parts[: len(placement_path)]) != placement_path:
        return "", ""
    return parts[len(placement_path)], ".".join(parts[len(placement_path) + 1 :])


def _split(path: str, prefix: str) -> tuple[str, str]:
    if not path.startswith(prefix):
        return "", ""
    head, _, tail = path[len(prefix) :].partition(".")
    return head, tail
