"""Evaluates an expanded network once, upstream first. Stops a branch at its first failed node."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.model import Edge
from dlstudio.design.model.problems import Problem, error
from dlstudio.design.model.report import Cost, NodeReport
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.structure.expand import FOLD, UNFOLD, Expanded, FlatNode
from dlstudio.layers.registry import find
from dlstudio.network.check.activation_memory import ActivationMemory, OutputRef
from dlstudio.network.check.evaluation import Evaluation
from dlstudio.network.check.evaluation_cache import EvaluationCache, InputSignals
from dlstudio.network.check.topology import Topology

_ENDS = frozenset({"input", "output"})


class _Blocked(Exception):
    """The node cannot be evaluated; `path` is the node to fix first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(slots=True)
class GraphEvaluator:
    """Collects reports, problems and evaluations by path."""

    expanded: Expanded
    topology: Topology
    facts: DatasetInfo
    cache: EvaluationCache
    reports: dict[str, NodeReport] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    _memory: ActivationMemory = field(default_factory=ActivationMemory)
    _requires_grad: dict[OutputRef, bool] = field(default_factory=dict)

    def run(self) -> None:
        """Evaluate every node."""
        for path in self.topology.order:
            self._visit(self.expanded.nodes[path])
        for path, culprit in self.topology.blocked.items():
            kind = self.expanded.nodes[path].node.kind
            waiting_for = "" if path == culprit else culprit
            self.reports[path] = NodeReport(path, kind, blocked_by=waiting_for)

    def _visit(self, flat: FlatNode) -> None:
        path, kind = flat.path, flat.node.kind
        try:
            arrivals = self._input_signals(flat)
        except _Blocked as blocked:
            waiting_for = "" if blocked.path == path else blocked.path
            self.reports[path] = NodeReport(path, kind, blocked_by=waiting_for)
            return
        evaluation = self.cache.lookup(flat, arrivals, self.facts)
        self.evaluations[path] = evaluation
        self.problems += _node_problems(flat, evaluation)
        inputs = {port: tuple([s for s, _ in group]) for port, group in arrivals.items()}
        outputs = {} if evaluation.failed else evaluation.outputs
        cost = Cost() if evaluation.failed else self._cost(flat, evaluation)
        self.reports[path] = NodeReport(path, kind, inputs, outputs, cost)

    def _input_signals(self, flat: FlatNode) -> InputSignals:
        kind = find(flat.node.kind)
        arrivals: dict[str, tuple[tuple[Signal, bool], ...]] = {}
        for port in kind.inputs if kind else ():
            wires = self.topology.wires(flat.path, port.name)
            if len(wires) > 1 and not port.variadic:
                raise _Blocked(flat.path)
            if wires:
                arrivals[port.name] = tuple([self._input_signal(wire) for wire in wires])
            elif not port.optional:
                raise _Blocked(flat.path)
        return arrivals

    def _input_signal(self, wire: Edge) -> tuple[Signal, bool]:
        report = self.reports[wire.source]
        signal = report.outputs.get(wire.source_port)
        if signal is None:
            culprit = self.expanded.nodes[wire.source]
            raise _Blocked(report.blocked_by or _card_path(culprit))
        return signal, self._requires_grad.get((wire.source, wire.source_port), False)

    def _cost(self, flat: FlatNode, evaluation: Evaluation) -> Cost:
        meta_result, outputs = evaluation.meta_result, evaluation.outputs
        if meta_result is None:
            self._memory.add_input(flat.path, outputs)
            return Cost()
        for port, requires_grad in zip(outputs, meta_result.requires_grad, strict=False):
            self._requires_grad[flat.path, port] = requires_grad
        sources = list(self._source_refs(flat))
        times = self._run_count(flat)
        saved_bytes = self._memory.add_layer(flat.path, meta_result, outputs, sources, times)
        cost = meta_result.cost
        multiply_adds = times * cost.multiply_adds
        if flat.node.weights_from is None:
            return Cost(cost.parameters, multiply_adds, saved_bytes, cost.buffers)
        return Cost(0, multiply_adds, saved_bytes, 0)

    def _run_count(self, flat: FlatNode) -> int:
        """Return how often a layer runs per sample: once for each time step that it sees."""
        sequences = (self.reports[fold_path].outputs.get("whole") for fold_path in flat.fold_paths)
        return math.prod(sequence.shape[0] for sequence in sequences if sequence is not None)

    def _source_refs(self, flat: FlatNode) -> Iterable[OutputRef]:
        kind = find(flat.node.kind)
        for port in kind.inputs if kind else ():
            for wire in self.topology.wires(flat.path, port.name):
                yield wire.source, wire.source_port


def _card_path(flat: FlatNode) -> str:
    """Return the path of the card of a node: for a folding node that of its block."""
    return flat.owner if flat.node.kind in {FOLD, UNFOLD} else flat.path


def _node_problems(flat: FlatNode, evaluation: Evaluation) -> Iterator[Problem]:
    """Yield a node's problems with the path of its card."""
    card = _card_path(flat)
    for problem in evaluation.problems:
        located = replace(problem, path=card)
        yield located if card == flat.path else complete_repairs(located, {card: flat})
    if flat.fold_paths and flat.node.kind in _ENDS:
        yield error(
            "end-in-steps",
            f"{flat.node.kind.capitalize()} inside a block for each time step",
            f"An {flat.node.kind.capitalize()} inside a block for each time step would receive "
            "whole samples while its neighbours receive single steps. Move it out of the block.",
            path=flat.path,
            short="belongs outside",
        )


def complete_repairs(problem: Problem, nodes: Mapping[str, FlatNode]) -> Problem:
    """Return the problem with scope and node of its fixes filled in."""
    flat = nodes.get(problem.path)
    if flat is None or not problem.repairs:
        return problem
    known = {"scope": flat.scope, "node": flat.node.id}
    repairs = tuple(
        replace(repair, arguments={**known, **repair.arguments}) for repair in problem.repairs
    )
    return replace(problem, repairs=repairs)
