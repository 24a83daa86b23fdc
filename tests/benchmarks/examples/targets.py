"""What an example promises: figures, each with a limit."""

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
    """One figure of an example and its limit.

    Attributes:
        read: Takes the figure from all that a training gave.
        compare: Compares it with the limit.
        context: What else is printed in the same form, and how it is read.
    """

    label: str
    read: Callable[[Metrics], float]
    compare: Callable[[float, float], bool]
    limit: float
    number_format: str = PERCENT
    context: Mapping[str, Callable[[Metrics], float]] = field(default_factory=dict)

    @property
    def limit_text(self) -> str:
        """The limit in words."""
        return f"{SIGNS[self.compare]} {self.number_format.format(self.limit)}"


@dataclass(frozen=True)
class TrainedExample:
    """An example after its training.

    Attributes:
        project: The design that was trained.
        weights: The file of its final weights; it goes when the measuring is over.
    """

    project: Project
    seed: int
    weights: Path

    def restore(self) -> RestoredNetwork:
        """Return the trained network with its data."""
        options = RunOptions(initial_weights=str(self.weights), seed=self.seed)
        network = restore_network(self.project, options)
        if network is None:
            raise RuntimeError(f"{self.project.title}: the trained network cannot be opened")
        return network


@dataclass(frozen=True)
class ExampleSpec:
    """All that is measured of one example.

    Attributes:
        change: Makes of the shipped design the one that is trained.
        measure: Measures, beside the training, further figures of what was trained.
        missing: Says what is missing here for all that; empty where nothing is.
        weights: File that the training begins from, as far as its tensors fit by name.
    """

    targets: tuple[Target, ...]
    change: Callable[[Project], Project] = lambda project: project
    measure: Callable[[TrainedExample], Metrics] = lambda _trained: {}
    missing: Callable[[], str] = lambda: ""
    weights: Path | None = None


def metric(name: str) -> Callable[[Metrics], float]:
    """Return what reads a figure by its name."""
    return operator.itemgetter(name)


def accuracy_target(
    limit: float, compare: Callable[[float, float], bool] = operator.ge, where: str = ""
) -> Target:
    """Return the goal for the share of right answers on the test part."""
    return Target(f"test accuracy{where}", metric("test_accuracy"), compare, limit)
