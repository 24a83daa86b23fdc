"""The context of the rules: a design, its analysis and its dataset info; and fixes of settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Repair
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.layers.framework.kind import SettingError
from dlstudio.layers.registry import find
from dlstudio.network.check.inference import DesignAnalysis
from dlstudio.training.specs.automatic import resolve


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A design with its analysis and dataset info."""

    project: Project
    facts: DatasetInfo
    analysis: DesignAnalysis

    @property
    def training(self) -> TrainingSettings:
        """The training settings with a number in the place of each automatic value."""
        return resolve(self.project.training, self.facts)

    @property
    def is_unfinished(self) -> bool:
        """Whether layers, wires or an Output are still missing."""
        return any(problem.incomplete for problem in self.analysis.report.problems)

    def paths(self, kind: str) -> list[str]:
        """Return the paths of all nodes of a kind, upstream first."""
        nodes = self.analysis.expanded.nodes
        return [path for path in self.analysis.topology.order if nodes[path].node.kind == kind]

    def kind(self, path: str) -> str:
        """Return the kind's name of a node."""
        return self.analysis.expanded.nodes[path].node.kind

    def setting(self, path: str, name: str) -> object:
        """Return a parsed setting of a node, None if it has none of that name.

        The settings of a node that waits for another upstream are parsed here.
        """
        evaluation = self.analysis.evaluations.get(path)
        if evaluation and evaluation.kind is not None:
            return getattr(evaluation.kind, name, None)
        flat = self.analysis.expanded.nodes[path]
        kind = find(flat.node.kind)
        try:
            parsed = kind.parse(flat.node.settings, self.facts.numbers) if kind else None
        except SettingError:
            return None
        return getattr(parsed, name, None)

    def input_signal(self, path: str) -> Signal | None:
        """Return the only input signal of a node, None if unknown."""
        report = self.analysis.report.nodes.get(path)
        signals = [signal for group in report.inputs.values() for signal in group] if report else []
        return signals[0] if len(signals) == 1 else None

    def upstream(self, path: str) -> Iterator[str]:
        """Yield the chain of nodes that leads to `path`, as long as each has one input."""
        sources = self.analysis.topology.sources(path)
        while len(sources) == 1:
            yield sources[0]
            sources = self.analysis.topology.sources(sources[0])

    def has_single_consumer(self, path: str) -> bool:
        """Whether only one wire leaves a node."""
        edges = self.analysis.expanded.edges
        return sum(edge.source == path for edge in edges) == 1


def change_training(title: str, **changes: object) -> Repair:
    """Return the fix that sets fields of the training settings."""
    return Repair(title, "set_training", {"changes": changes})


def change_data(title: str, **changes: object) -> Repair:
    """Return the fix that sets fields of the data settings."""
    return Repair(title, "set_data", {"changes": changes})
