"""The result of one batch in one phase of a training step, which metrics accumulate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a training step that updates some parameter groups.

    Attributes:
        groups: Indices of the parameter groups to update; None means all.
    """

    name: str = "all"
    groups: frozenset[int] | None = None


SINGLE_PHASE = (Phase(),)
"""The phases of a step that updates all groups together."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Loss and outputs of a batch.

    Attributes:
        loss: Mean over the batch; a scalar on the device.
        samples: Size of the batch.
        output: The output to compare with `target`, for metrics that need both.
        metrics: Further means over the batch by name, scalars on the device.
    """

    loss: Tensor
    samples: int
    output: Tensor | None = None
    target: Tensor | None = None
    metrics: Mapping[str, Tensor] = field(default_factory=dict)
