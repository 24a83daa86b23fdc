"""Metrics of steps with several phases, each averaged over the samples of its own phases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dlstudio.training.metrics.batch_result import BatchResult, Proportion
from dlstudio.training.metrics.sums import WeightedMeans


class PhaseMetrics:
    """Means by name; the main one is also reported as `loss`."""

    def __init__(self, device: torch.device, names: Sequence[str], loss: str) -> None:
        """Start at zero; `names` are keys of `BatchResult.metrics`, `loss` is one of them."""
        self._names = tuple(names)
        self._means = WeightedMeans(device, self._names)
        self._loss = loss

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of loss and means."""
        return ("loss", *self._names)

    def reset(self) -> None:
        """Set all sums to zero."""
        self._means.reset()

    def update(self, result: BatchResult) -> None:
        """Add the result of a phase."""
        for name, value in result.metrics.items():
            if isinstance(value, Proportion):
                self._means.add_count(name, value.count, value.items)
            else:
                self._means.add(name, value, result.samples)

    def compute(self) -> dict[str, float]:
        """Return the metrics that have samples, by name."""
        means = self._means.compute()
        metrics = {name: mean for name, mean in means.items() if not math.isnan(mean)}
        return {"loss": means[self._loss], **metrics}

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name, for a checkpoint."""
        return self._means.tensors()

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the sums that `tensors` returned."""
        self._means.load(tensors)
