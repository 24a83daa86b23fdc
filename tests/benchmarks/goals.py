"""What an example promises: figures, each with a limit."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.design.model import Project
from dlstudio.insight.reopened import Reopened, reopen
from dlstudio.training.events import RunOptions

Figures = Mapping[str, float]
SIGNS: Mapping[Callable[[float, float], bool], str] = {
    operator.ge: "≥",
    operator.gt: ">",
    operator.le: "≤",
    operator.lt: "<",
    operator.eq: "=",
}
PERCENT = "{:.2%}"


@dataclass(frozen=True)
class Goal:
    """One figure of an example and its limit.

    Attributes:
        read: Takes the figure from all that a training gave.
        holds: Compares it with the limit.
        beside: What else is printed in the same form, and how it is read.
    """

    what: str
    read: Callable[[Figures], float]
    holds: Callable[[float, float], bool]
    limit: float
    form: str = PERCENT
    beside: Mapping[str, Callable[[Figures], float]] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The limit in words."""
        return f"{SIGNS[self.holds]} {self.form.format(self.limit)}"


@dataclass(frozen=True)
class Trained:
    """An example after its training.

    Attributes:
        project: The design that was trained.
        weights: The file of its final weights; it goes when the measuring is over.
    """

    project: Project
    seed: int
    weights: Path

    def reopen(self) -> Reopened:
        """Return the trained network with its data."""
        options = RunOptions(initial_weights=str(self.weights), seed=self.seed)
        network = reopen(self.project, options)
        if network is None:
            raise RuntimeError(f"{self.project.title}: the trained network cannot be opened")
        return network


@dataclass(frozen=True)
class Promise:
    """All that is measured of one example.

    Attributes:
        change: Makes of the shipped design the one that is trained.
        examine: Measures, beside the training, further figures of what was trained.
        needs: Says what is missing here for all that; empty where nothing is.
        weights: File that the training begins from, as far as its tensors fit by name.
    """

    goals: tuple[Goal, ...]
    change: Callable[[Project], Project] = lambda project: project
    examine: Callable[[Trained], Figures] = lambda _trained: {}
    needs: Callable[[], str] = lambda: ""
    weights: Path | None = None


def figure(name: str) -> Callable[[Figures], float]:
    """Return what reads a figure by its name."""
    return operator.itemgetter(name)


def accuracy(
    limit: float, holds: Callable[[float, float], bool] = operator.ge, where: str = ""
) -> Goal:
    """Return the goal for the share of right answers on the test part."""
    return Goal(f"test accuracy{where}", figure("test_accuracy"), holds, limit)
