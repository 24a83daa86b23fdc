"""One pass over an expanded network, upstream first. Stops at the first bad node of a branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.expand import Expanded, FlatNode
from dlstudio.design.model import Edge
from dlstudio.design.problems import Problem
from dlstudio.design.report import Cost, NodeReport
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.layers.registry import find
from dlstudio.network.evaluation import Evaluation
from dlstudio.network.ledger import Ledger, Place
from dlstudio.network.memo import Arrivals, Memo
from dlstudio.network.wiring import Wiring


class _Blocked(Exception):
    """A node cannot be looked at yet; `path` is the node to mend first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(slots=True)
class Walk:
    """Collects reports, problems and evaluations by path."""

    expanded: Expanded
    wiring: Wiring
    facts: DataFacts
    memo: Memo
    reports: dict[str, NodeReport] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    _ledger: Ledger = field(default_factory=Ledger)
    _learns: dict[Place, bool] = field(default_factory=dict)

    def run(self) -> None:
        """Visit every node."""
        for path in self.wiring.order:
            self._visit(self.expanded.nodes[path])
        for path, culprit in self.wiring.stuck.items():
            kind = self.expanded.nodes[path].node.kind
            waiting_for = "" if path == culprit else culprit
            self.reports[path] = NodeReport(path, kind, waiting_for=waiting_for)

    def _visit(self, flat: FlatNode) -> None:
        path, kind = flat.path, flat.node.kind
        try:
            arrivals = self._arrivals(flat)
        except _Blocked as blocked:
            waiting_for = "" if blocked.path == path else blocked.path
            self.reports[path] = NodeReport(path, kind, waiting_for=waiting_for)
            return
        evaluation = self.memo.evaluation(flat, arrivals, self.facts)
        self.evaluations[path] = evaluation
        self.problems += [replace(each, path=path) for each in evaluation.problems]
        inputs = {port: tuple([s for s, _ in group]) for port, group in arrivals.items()}
        outputs = {} if evaluation.failed else evaluation.outputs
        cost = Cost() if evaluation.failed else self._cost(flat, evaluation)
        self.reports[path] = NodeReport(path, kind, inputs, outputs, cost)

    def _arrivals(self, flat: FlatNode) -> Arrivals:
        kind = find(flat.node.kind)
        arrivals: dict[str, tuple[tuple[Signal, bool], ...]] = {}
        for port in kind.inputs if kind else ():
            wires = self.wiring.wires(flat.path, port.name)
            if len(wires) > 1 and not port.variadic:
                raise _Blocked(flat.path)
            if wires:
                arrivals[port.name] = tuple([self._arrival(wire) for wire in wires])
            elif not port.optional:
                raise _Blocked(flat.path)
        return arrivals

    def _arrival(self, wire: Edge) -> tuple[Signal, bool]:
        report = self.reports[wire.source]
        signal = report.outputs.get(wire.source_port)
        if signal is None:
            raise _Blocked(report.waiting_for or wire.source)
        return signal, self._learns.get((wire.source, wire.source_port), False)

    def _cost(self, flat: FlatNode, evaluation: Evaluation) -> Cost:
        trial, outputs = evaluation.trial, evaluation.outputs
        if trial is None:
            self._ledger.enter(flat.path, outputs)
            return Cost()
        for port, learns in zip(outputs, trial.learns, strict=False):
            self._learns[flat.path, port] = learns
        places = list(self._places(flat))
        kept = self._ledger.pass_through(flat.path, trial, outputs, places)
        cost = trial.cost
        if flat.node.weights_from is None:
            return Cost(cost.parameters, cost.multiply_adds, kept, cost.buffers)
        return Cost(0, cost.multiply_adds, kept, 0)

    def _places(self, flat: FlatNode) -> Iterable[Place]:
        kind = find(flat.node.kind)
        for port in kind.inputs if kind else ():
            for wire in self.wiring.wires(flat.path, port.name):
                yield wire.source, wire.source_port


def filled(problem: Problem, nodes: Mapping[str, FlatNode]) -> Problem:
    """Return the problem with the scope and node of its repairs filled in."""
    flat = nodes.get(problem.path)
    if flat is None or not problem.repairs:
        return problem
    known = {"scope": flat.scope, "node": flat.node.id}
    repairs = tuple(
        replace(repair, arguments={**known, **repair.arguments}) for repair in problem.repairs
    )
    return replace(problem, repairs=repairs)
