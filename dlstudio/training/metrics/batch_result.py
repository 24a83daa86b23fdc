"""What a phase of a training step gives for one batch; metrics add it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a step in which some parameter groups learn.

    Attributes:
        groups: Numbers of the parameter groups that learn; None means all.
    """

    name: str = "all"
    groups: frozenset[int] | None = None


SINGLE_PHASE = (Phase(),)
"""The phases of a step in which everything learns together."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a network makes of a batch.

    Attributes:
        loss: Mean over the batch; a scalar on the device.
        samples: Size of the batch.
        output: What is compared with `target`, where the task's tally looks at both.
        metrics: Further means over the batch by name, scalars on the device.
    """

    loss: Tensor
    samples: int
    output: Tensor | None = None
    target: Tensor | None = None
    metrics: Mapping[str, Tensor] = field(default_factory=dict)
