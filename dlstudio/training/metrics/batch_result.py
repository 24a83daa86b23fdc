"""The result of one batch in one phase of a training step, which metrics accumulate."""

from __future__ import annotations

import math
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
class Proportion:
    """How many of a number of items have a property: an integer scalar on the device.

    Attributes:
        items: Number of items, on the device if it depends on the batch's values.
    """

    count: Tensor
    items: int | Tensor

    @property
    def share(self) -> float:
        """Return the share of the items, NaN without any; waits for the device."""
        items = int(self.items)
        return int(self.count) / items if items else math.nan


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Loss and outputs of a batch.

    Attributes:
        loss: Mean over the items of the batch; a scalar on the device.
        samples: Size of the batch.
        output: The output to compare with `target`, for metrics that need both.
        metrics: By name, further means over the batch, scalars on the device, or proportions.
        items: Number of items, such as tokens or pixels, that `loss` is the mean of; None if these
            are the samples.
    """

    loss: Tensor
    samples: int
    output: Tensor | None = None
    target: Tensor | None = None
    metrics: Mapping[str, Tensor | Proportion] = field(default_factory=dict)
    items: int | Tensor | None = None
