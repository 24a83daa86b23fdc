"""Metrics of steps with several phases, each averaged over the samples of its own phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dlstudio.training.metrics.batch_result import BatchResult


class PhaseMetrics:
    """Means by name; the main one is also reported as `loss`."""

    def __init__(self, device: torch.device, names: Sequence[str], loss: str) -> None:
        """Start at zero; `names` are keys of `BatchResult.metrics`, `loss` is one of them."""
        self._dtype = torch.float32 if device.type == "mps" else torch.float64
        self._device = device
        self._names = tuple(names)
        self._loss = loss
        self.reset()

    def reset(self) -> None:
        """Set all sums to zero."""
        self._sums = {
            name: torch.zeros((), dtype=self._dtype, device=self._device) for name in self._names
        }
        self._samples = dict.fromkeys(self._names, 0)

    def update(self, result: BatchResult) -> None:
        """Add the result of a phase."""
        for name, mean in result.metrics.items():
            self._sums[name].add_(mean.detach(), alpha=result.samples)
            self._samples[name] += result.samples

    def compute(self) -> dict[str, float]:
        """Return the metrics that have samples, by name."""
        totals = torch.stack(list(self._sums.values())).tolist()
        pairs = zip(self._samples.items(), totals, strict=True)
        metrics = {name: total / count for (name, count), total in pairs if count}
        return {"loss": metrics[self._loss], **metrics}

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name, for a checkpoint."""
        return {**self._sums, "counts": torch.tensor(list(self._samples.values()))}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the sums that `tensors` returned."""
        self._samples = dict(zip(self._names, tensors["counts"].tolist(), strict=True))
        for name, total in self._sums.items():
            self._sums[name] = tensors[name].to(total, copy=True)
