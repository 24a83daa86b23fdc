"""Shapes, costs and problems of a whole design, by running each layer on the meta device.

A `Checker` caches its results, so that after an edit only changed layers run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.report import Report
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.structure.expand import Expanded, expand
from dlstudio.network.check.evaluation import Evaluation
from dlstudio.network.check.evaluation_cache import EvaluationCache
from dlstudio.network.check.fitting_wires import with_fitting_wire
from dlstudio.network.check.graph_evaluator import GraphEvaluator, complete_repairs
from dlstudio.network.check.repeats import with_fewer_repeats
from dlstudio.network.check.sharing import sharing_problems
from dlstudio.network.check.structure_cache import StructureCache
from dlstudio.network.check.topology import Topology, build_topology


@dataclass(frozen=True, slots=True)
class DesignAnalysis:
    """The complete result of a check, also used by the compiler.

    Attributes:
        evaluations: By path, only for nodes whose inputs are known.
    """

    report: Report
    expanded: Expanded
    topology: Topology
    evaluations: Mapping[str, Evaluation]


class Checker:
    """Checks designs with a cache; one per window or command, for use in one thread."""

    def __init__(self) -> None:
        self._cache = EvaluationCache()
        self._structure = StructureCache()
        self._last_topology: tuple[tuple[str, ...], tuple[Edge, ...], Topology] | None = None

    def check(self, project: Project, facts: DatasetInfo) -> Report:
        """Return shapes, costs per sample, and problems in upstream order."""
        return self.analyse(project, facts).report

    def analyse(self, project: Project, facts: DatasetInfo) -> DesignAnalysis:
        """Return the report together with the evaluations it is based on."""
        expanded = expand(project, facts.numbers)
        topology = self._topology_of(expanded)
        evaluator = GraphEvaluator(expanded, topology, facts, self._cache)
        evaluator.run()
        self._cache.keep_only(expanded.nodes)
        problems = [
            *expanded.problems,
            *(
                with_fitting_wire(problem, expanded, topology, evaluator.reports, facts.numbers)
                for problem in self._structure.problems(project, expanded)
            ),
            *(with_fewer_repeats(project, problem) for problem in evaluator.problems),
            *sharing_problems(project, expanded, evaluator.evaluations, self._cache.runner),
        ]
        analysis = DesignAnalysis(
            Report(evaluator.reports), expanded, topology, evaluator.evaluations
        )
        return replace(
            analysis, report=Report(evaluator.reports, sort_problems(problems, analysis))
        )

    def _topology_of(self, expanded: Expanded) -> Topology:
        paths = tuple(expanded.nodes)
        known = self._last_topology
        if known is None or known[0] != paths or known[1] != expanded.edges:
            known = self._last_topology = (
                paths,
                expanded.edges,
                build_topology(paths, expanded.edges),
            )
        return known[2]


def sort_problems(problems: Iterable[Problem], analysis: DesignAnalysis) -> tuple[Problem, ...]:
    """Return complete problems: those of the whole network first, then by depth, errors first.

    The scope and node of their fixes are filled in if missing.
    """
    if not (problems := tuple(problems)):
        return problems
    paths = (*analysis.topology.order, *analysis.topology.blocked)
    positions = {path: i for i, path in enumerate(paths)}
    ranks = list(Severity)
    ordered = sorted(
        problems,
        key=lambda problem: (positions.get(problem.path, -1), ranks.index(problem.severity)),
    )
    return tuple(complete_repairs(problem, analysis.expanded.nodes) for problem in ordered)
