"""The result of checking a design: shapes, costs and problems. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.signals import Signal


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one layer.

    Attributes:
        parameters: Number of learnable parameters.
        multiply_adds: Multiply-accumulate operations of one sample's forward pass.
        activation_bytes: Bytes saved for the backward pass, per sample.
        buffers: Number of stored values that are not learned (norm statistics).
    """

    parameters: int = 0
    multiply_adds: int = 0
    activation_bytes: int = 0
    buffers: int = 0

    def __add__(self, other: Cost) -> Cost:
        """Return the field-by-field sum."""
        return Cost(
            self.parameters + other.parameters,
            self.multiply_adds + other.multiply_adds,
            self.activation_bytes + other.activation_bytes,
            self.buffers + other.buffers,
        )


@dataclass(frozen=True, slots=True)
class NodeReport:
    """Signals, cost and state of one node of the expanded network.

    Attributes:
        inputs: Input signals by port; several on a variadic port.
        outputs: Output signals by port; empty while unknown.
        blocked_by: Path of the upstream node that must be fixed first, or empty.
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
        """Whether there is no error, so that the design can be trained."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)

    @property
    def cost(self) -> Cost:
        """The sum over all nodes."""
        return sum((node.cost for node in self.nodes.values()), Cost())
