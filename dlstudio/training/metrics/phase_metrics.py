"""Figures of a step in several phases: each is a mean over the samples of the phases it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dlstudio.training.metrics.batch_result import BatchResult


class PhaseMetrics:
    """Means of figures; the one that stands for the whole is told as `loss` too."""

    def __init__(self, device: torch.device, names: Sequence[str], loss: str) -> None:
        """Start empty; `names` are those of `Scored.figures`, `loss` is one of them."""
        self._dtype = torch.float32 if device.type == "mps" else torch.float64
        self._device = device
        self._names = tuple(names)
        self._loss = loss
        self.reset()

    def reset(self) -> None:
        """Start again from nothing."""
        self._sums = {
            name: torch.zeros((), dtype=self._dtype, device=self._device) for name in self._names
        }
        self._samples = dict.fromkeys(self._names, 0)

    def update(self, result: BatchResult) -> None:
        """Take in what a phase brought."""
        for name, mean in result.metrics.items():
            self._sums[name].add_(mean.detach(), alpha=result.samples)
            self._samples[name] += result.samples

    def compute(self) -> dict[str, float]:
        """Return the figures there are, by name."""
        totals = torch.stack(list(self._sums.values())).tolist()
        pairs = zip(self._samples.items(), totals, strict=True)
        metrics = {name: total / count for (name, count), total in pairs if count}
        return {"loss": metrics[self._loss], **metrics}

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name, so that they can be kept."""
        return {**self._sums, "counts": torch.tensor(list(self._samples.values()))}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take back kept sums."""
        self._samples = dict(zip(self._names, tensors["counts"].tolist(), strict=True))
        for name, total in self._sums.items():
            self._sums[name] = tensors[name].to(total, copy=True)
