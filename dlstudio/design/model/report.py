"""What a check of a design found: shapes, costs and problems, free of torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.signals import Signal


@dataclass(frozen=True, slots=True)
class Cost:
    """What one layer costs.

    Attributes:
        parameters: Number of learnable numbers.
        multiply_adds: Multiplications and additions in pairs, for one sample forward.
        activation_bytes: Bytes that training keeps for the backward pass, for one sample.
        buffers: Number of stored numbers that do not learn (norm statistics).
    """

    parameters: int = 0
    multiply_adds: int = 0
    activation_bytes: int = 0
    buffers: int = 0

    def __add__(self, other: Cost) -> Cost:
        """Return the sum, field by field."""
        return Cost(
            self.parameters + other.parameters,
            self.multiply_adds + other.multiply_adds,
            self.activation_bytes + other.activation_bytes,
            self.buffers + other.buffers,
        )


@dataclass(frozen=True, slots=True)
class NodeReport:
    """What is known of one node of the expanded network.

    Attributes:
        inputs: Signals that arrive, by port; several on a variadic port.
        outputs: Signals that leave, by port; empty while unknown.
        blocked_by: Path of the node upstream that must be mended first, or empty.
    """

    path: str
    kind: str
    inputs: Mapping[str, tuple[Signal, ...]] = field(default_factory=dict)
    outputs: Mapping[str, Signal] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a whole design. `nodes` is keyed by dotted path."""

    nodes: Mapping[str, NodeReport] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no error stands in the way of training."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)

    @property
    def cost(self) -> Cost:
        """The sum over all nodes."""
        return sum((node.cost for node in self.nodes.values()), Cost())
