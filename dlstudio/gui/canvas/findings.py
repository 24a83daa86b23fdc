"""What the last check found, asked by the ids of one scope instead of by dotted paths."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.design.model import TOP, Edge, Node, Project
from dlstudio.design.problems import Problem, Severity
from dlstudio.design.report import Cost, NodeReport, Report
from dlstudio.design.signals import Signal
from dlstudio.gui.canvas.describe import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT


@dataclass
class Findings:
    """The part of a report that concerns one scope.

    A block that is placed several times is shown as its first placement sees it.
    """

    nodes: dict[str, NodeReport] = field(default_factory=dict)
    inside: dict[str, list[NodeReport]] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    broken_edges: dict[str, Problem] = field(default_factory=dict)
    prefix: str = ""

    @classmethod
    def of(cls, project: Project, report: Report, scope: str) -> Findings:
        """Sort a report for the scope."""
        prefix = placement_prefix(project, scope)
        if prefix is None:
            return cls()
        found = cls(prefix=prefix)
        for path, node in report.nodes.items():
            head, tail = _split(path, prefix)
            if head and tail:
                found.inside.setdefault(head, []).append(node)
            elif head:
                found.nodes[head] = node
        for problem in report.problems:
            head, tail = _split(problem.path, prefix)
            if head:
                found.problems.setdefault(head, []).append(problem)
            if problem.edge and not tail:
                found.broken_edges[problem.edge] = problem
        return found

    def cost(self, node_id: str) -> Cost:
        """Return what a node, or all that a block placement holds, costs."""
        known = self.nodes.get(node_id)
        start = known.cost if known else Cost()
        return sum((each.cost for each in self.inside.get(node_id, ())), start)

    def worst(self, node_id: str) -> Problem | None:
        """Return the gravest problem of a node."""
        problems = self.problems.get(node_id)
        if not problems:
            return None
        return min(problems, key=lambda problem: _GRAVITY[problem.severity])

    def signal(self, project: Project, scope: str, edge: Edge) -> Signal | None:
        """Return what runs through a wire, None while it is unknown."""
        source = self.nodes.get(edge.source)
        if source is not None and edge.source_port in source.outputs:
            return source.outputs[edge.source_port]
        target = self.nodes.get(edge.target)
        arrived = target.inputs.get(edge.target_port, ()) if target else ()
        if len(arrived) == 1:
            return arrived[0]
        return self._block_signal(project, scope, edge.source, edge.source_port)

    def outputs(self, project: Project, scope: str, node_id: str) -> tuple[Signal, ...]:
        """Return the signals that leave a node."""
        known = self.nodes.get(node_id)
        if known is not None and known.outputs:
            return tuple(known.outputs.values())
        edges = project.graph_at(scope).edges.values()
        kind = project.graph_at(scope).nodes[node_id].kind
        if kind in {BLOCK_INPUT, BLOCK_OUTPUT}:
            end = "source" if kind == BLOCK_INPUT else "target"
            here = (each for each in edges if getattr(each, end) == node_id)
            signals = (self.signal(project, scope, each) for each in here)
            return tuple(signal for signal in signals if signal is not None)[:1]
        ends = self._block_ends(project, scope, node_id)
        found = (self._block_signal(project, scope, node_id, end) for end in ends)
        return tuple(signal for signal in found if signal is not None)

    def waiting_for(self, node_id: str) -> str:
        """Return the path of the node that must be mended first, or an empty text."""
        known = self.nodes.get(node_id)
        if known is not None:
            return known.waiting_for
        waits = (each.waiting_for for each in self.inside.get(node_id, ()) if each.waiting_for)
        first = next(waits, "")
        return "" if first.startswith(f"{self.prefix}{node_id}.") else first

    def _block_ends(self, project: Project, scope: str, node_id: str) -> list[str]:
        node = project.graph_at(scope).nodes.get(node_id)
        block = _block_id(node) if node else ""
        if block not in project.blocks:
            return []
        inner = project.blocks[block].graph.nodes.values()
        return [each.id for each in inner if each.kind == BLOCK_OUTPUT]

    def _block_signal(self, project: Project, scope: str, node_id: str, end: str) -> Signal | None:
        """Return what arrives at a block's output, seen in its last repeat."""
        if end not in self._block_ends(project, scope, node_id):
            return None
        block = project.blocks[_block_id(project.graph_at(scope).nodes[node_id])]
        feeding = next((e for e in block.graph.edges.values() if e.target == end), None)
        if feeding is None:
            return None
        matches = [
            each.outputs[feeding.source_port]
            for each in self.inside.get(node_id, ())
            if each.path.rsplit(".", 1)[-1] == feeding.source
            and feeding.source_port in each.outputs
        ]
        return matches[-1] if matches else None


def placement_prefix(
    project: Project, scope: str, within: frozenset[str] = frozenset()
) -> str | None:
    """Return the dotted prefix of paths inside the first placement of a block.

    None where the block is not placed anywhere; an empty text for the top level. `within` holds
    the blocks already entered: a block that holds itself has no path.
    """
    if scope == TOP:
        return ""
    entered = within | {scope}
    for outer in (TOP, *project.blocks):
        if outer in entered:
            continue
        for node in project.graph_at(outer).nodes.values():
            if _block_id(node) == scope:
                before = placement_prefix(project, outer, entered)
                if before is not None:
                    return f"{before}{node.id}.{'0.' if _repeats(node) else ''}"
    return None


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


def _block_id(node: Node) -> str:
    return str(node.settings.get("block", "")) if node.kind == BLOCK else ""


def _repeats(node: Node) -> bool:
    repeat = node.settings.get("repeat", 1)
    return isinstance(repeat, int) and repeat > 1


def _split(path: str, prefix: str) -> tuple[str, str]:
    if not path.startswith(prefix):
        return "", ""
    head, _, tail = path[len(prefix) :].partition(".")
    return head, tail
