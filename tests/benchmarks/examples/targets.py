"""The targets of an example: metrics with limits."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.insight.restored_network import RestoredNetwork, restore_network
from dlstudio.training.protocol.events import RunOptions

Metrics = Mapping[str, float]
SIGNS: Mapping[Callable[[float, float], bool], str] = {
    operator.ge: "≥",
    operator.gt: ">",
    operator.le: "≤",
    operator.lt: "<",
    operator.eq: "=",
}
PERCENT = "{:.2%}"


@dataclass(frozen=True)
class Target:
    """A metric of an example and its limit.

    Attributes:
        read: Reads the value from the metrics of a run.
        compare: Compares the value with the limit.
        context: Further values printed for comparison, and how each is read.
    """

    label: str
    read: Callable[[Metrics], float]
    compare: Callable[[float, float], bool]
    limit: float
    number_format: str = PERCENT
    context: Mapping[str, Callable[[Metrics], float]] = field(default_factory=dict)

    @property
    def limit_text(self) -> str:
        """The limit with its sign, such as "≥ 75.00%"."""
        return f"{SIGNS[self.compare]} {self.number_format.format(self.limit)}"


@dataclass(frozen=True)
class TrainedExample:
    """An example after training.

    Attributes:
        project: The design that was trained.
        weights: The file of its final weights; deleted after the measurements.
    """

    project: Project
    seed: int
    weights: Path

    def restore(self) -> RestoredNetwork:
        """Return the trained network with its data loaded."""
        options = RunOptions(initial_weights=str(self.weights), seed=self.seed)
        network = restore_network(self.project, options)
        if network is None:
            raise RuntimeError(f"{self.project.title}: the trained network cannot be opened")
        return network


@dataclass(frozen=True)
class ExampleSpec:
    """How an example is trained and measured.

    Attributes:
        change: Changes the shipped design before training.
        measure: Measures further metrics of the trained network.
        missing: Names the data or files that are missing here; empty if none.
        weights: File of initial weights, matched by name.
    """

    targets: tuple[Target, ...]
    change: Callable[[Project], Project] = lambda project: project
    measure: Callable[[TrainedExample], Metrics] = lambda _trained: {}
    missing: Callable[[], str] = lambda: ""
    weights: Path | None = None


def metric(name: str) -> Callable[[Metrics], float]:
    """Return a function that reads a metric by name."""
    return operator.itemgetter(name)


def accuracy_target(
    limit: float, compare: Callable[[float, float], bool] = operator.ge, where: str = ""
) -> Target:
    """Return the target for the test accuracy."""
    return Target(f"test accuracy{where}", metric("test_accuracy"), compare, limit)
