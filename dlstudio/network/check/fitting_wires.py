"""Of the wires suggested for an unconnected card, keeps the nearest whose signal fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.report import NodeReport
from dlstudio.design.model.signals import Signal
from dlstudio.design.structure.expand import Expanded
from dlstudio.layers.framework.kind import LayerKind, SettingError, Signals
from dlstudio.layers.registry import find, is_plugin
from dlstudio.network.check.topology import Topology

_CODES = frozenset({"unconnected-port", "reaches-no-output"})
_CONNECT = "connect"


def with_fitting_wire(
    problem: Problem,
    expanded: Expanded,
    topology: Topology,
    reports: Mapping[str, NodeReport],
    numbers: Mapping[str, int],
) -> Problem:
    """Return the problem with at most one of the suggested wires, the first that fits.

    A wire whose signal is not known yet is taken to fit.

    Args:
        problem: Its fixes `connect` are suggestions, best first.
        expanded: The expanded network, and its wires as `topology`.
        topology: See `expanded`.
        reports: The state of its nodes.
        numbers: Data facts that settings may refer to.
    """
    if problem.code not in _CODES:
        return problem
    prefix = problem.path[: problem.path.rfind(".") + 1]
    wires = [repair for repair in problem.repairs if repair.edit == _CONNECT]
    others = [repair for repair in problem.repairs if repair.edit != _CONNECT]
    finder = _WireCheck(prefix, expanded, topology, reports, numbers)
    first = next(filter(finder.fits, wires), None)
    return replace(problem, repairs=(*((first,) if first else ()), *others))


@dataclass(frozen=True, slots=True)
class _WireCheck:
    """Checks wires of the scope whose paths start with `prefix`."""

    prefix: str
    expanded: Expanded
    topology: Topology
    reports: Mapping[str, NodeReport]
    numbers: Mapping[str, int]

    def fits(self, wire: Repair) -> bool:
        """Whether the target accepts the signal, as far as both are known."""
        source, target = (self.prefix + str(wire.arguments[end]) for end in ("source", "target"))
        flat, report = self.expanded.nodes.get(target), self.reports.get(source)
        signal = report.outputs.get(str(wire.arguments["source_port"])) if report else None
        kind = find(flat.node.kind) if flat is not None else None
        if signal is None or flat is None or kind is None or is_plugin(kind):
            return True
        arriving = self._arriving(target, kind, str(wire.arguments["target_port"]), signal)
        try:
            layer = kind.parse(flat.node.settings, {**self.numbers, **flat.parameter_values})
        except SettingError:
            return True
        return arriving is None or not any(
            problem.is_contradiction for problem in layer.check(arriving)
        )

    def _arriving(
        self, target: str, kind: type[LayerKind], port: str, signal: Signal
    ) -> Signals | None:
        """Return the inputs of a node with the new wire, None if a required one is unknown."""
        signals: dict[str, tuple[Signal, ...]] = {port: (signal,)}
        for other in kind.inputs:
            if other.name == port:
                continue
            wires = self.topology.wires(target, other.name)
            known = [self.reports[edge.source].outputs.get(edge.source_port) for edge in wires]
            if not all(known) or not (known or other.optional):
                return None
            if known:
                signals[other.name] = tuple(filter(None, known))
        return signals
