"""Shapes, costs and problems of a whole design, by running each layer on the meta device.

A `Checker` keeps what it learnt, so that after an edit only what changed is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dlstudio.design.expand import Expanded, expand
from dlstudio.design.model import Edge, Project
from dlstudio.design.problems import Problem, Severity
from dlstudio.design.report import Report
from dlstudio.design.signals import DataFacts
from dlstudio.network.evaluation import Evaluation
from dlstudio.network.memo import Memo
from dlstudio.network.repeats import with_fewer_repeats
from dlstudio.network.sharing import sharing_problems
from dlstudio.network.structure_cache import StructureCache
from dlstudio.network.walk import Walk, filled
from dlstudio.network.wiring import Wiring, wire_up


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything a check found, for the compiler as well.

    Attributes:
        evaluations: By path, only of nodes whose inputs are known.
    """

    report: Report
    expanded: Expanded
    wiring: Wiring
    evaluations: Mapping[str, Evaluation]


class Checker:
    """Checks designs and remembers; one per window or command, used from one thread."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._memo = Memo()
        self._structure = StructureCache()
        self._wired: tuple[tuple[str, ...], tuple[Edge, ...], Wiring] | None = None

    def check(self, project: Project, facts: DataFacts) -> Report:
        """Return shapes, costs of one sample, and problems with those upstream first."""
        return self.examine(project, facts).report

    def examine(self, project: Project, facts: DataFacts) -> Examined:
        """Return the report together with what it was made from."""
        expanded = expand(project, facts.numbers)
        topology = self._wiring(expanded)
        evaluator = Walk(expanded, topology, facts, self._memo)
        evaluator.run()
        self._memo.forget_all_but(expanded.nodes)
        problems = [
            *expanded.problems,
            *self._structure.problems(project, expanded),
            *(with_fewer_repeats(project, problem) for problem in evaluator.problems),
            *sharing_problems(project, expanded, evaluator.evaluations, self._memo.runner),
        ]
        analysis = Examined(Report(evaluator.reports), expanded, topology, evaluator.evaluations)
        return replace(analysis, report=Report(evaluator.reports, in_order(problems, analysis)))

    def _wiring(self, expanded: Expanded) -> Wiring:
        paths = tuple(expanded.nodes)
        known = self._wired
        if known is None or known[0] != paths or known[1] != expanded.edges:
            known = self._wired = (paths, expanded.edges, wire_up(paths, expanded.edges))
        return known[2]


def in_order(problems: Iterable[Problem], examined: Examined) -> tuple[Problem, ...]:
    """Return complete problems: of the whole network first, then upstream first, errors first.

    The scope and the node of their repairs are filled in where they are missing.
    """
    if not (problems := tuple(problems)):
        return problems
    paths = (*examined.wiring.order, *examined.wiring.stuck)
    positions = {path: i for i, path in enumerate(paths)}
    ranks = list(Severity)
    ordered = sorted(
        problems,
        key=lambda problem: (positions.get(problem.path, -1), ranks.index(problem.severity)),
    )
    return tuple(filled(problem, examined.expanded.nodes) for problem in ordered)
