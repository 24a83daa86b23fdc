"""Metrics accumulated on the device batch by batch, and read once at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

if TYPE_CHECKING:
    from dlstudio.training.metrics.batch_result import BatchResult


class Metric(Protocol):
    """Sums over batches; only `compute` waits for the device."""

    def update(self, result: BatchResult) -> None:
        """Add a batch."""
        ...

    def compute(self) -> dict[str, float]:
        """Return the metrics by name: `loss`, `accuracy`, `mae`, `r2`."""
        ...

    def reset(self) -> None:
        """Set all sums to zero."""
        ...

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name, for a checkpoint."""
        ...

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the sums that `tensors` returned."""
        ...


class SumMetric:
    """Sums by name, in double precision if the device supports it, and counts on the host."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start with all sums at zero."""
        dtype = torch.float32 if device.type == "mps" else torch.float64
        self._sums = {name: torch.zeros((), dtype=dtype, device=device) for name in names}
        self._samples = 0
        self._elements = 0

    def reset(self) -> None:
        self._samples = self._elements = 0
        for name, total in self._sums.items():
            self._sums[name] = total.new_zeros(())

    def tensors(self) -> dict[str, Tensor]:
        return {**self._sums, "counts": torch.tensor([self._samples, self._elements])}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        self._samples, self._elements = tensors["counts"].tolist()
        for name, total in self._sums.items():
            self._sums[name] = tensors[name].to(total, copy=True)

    def _add_loss(self, result: BatchResult, elements: int) -> None:
        self._samples += result.samples
        self._elements += elements
        self._sums["loss"].add_(result.loss.detach(), alpha=result.samples)

    def _means(self, names: Mapping[str, str]) -> dict[str, float]:
        """Return the mean loss and, for each metric, its sum divided by the number of elements."""
        totals = torch.stack([self._sums[name] for name in ("loss", *names.values())]).tolist()
        means = {
            name: total / self._elements for name, total in zip(names, totals[1:], strict=True)
        }
        return {"loss": totals[0] / self._samples, **means}


class MeanMetrics(SumMetric):
    """Loss and further means over the samples."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start at zero; `names` are keys of `BatchResult.metrics`."""
        super().__init__(device, ("loss", *names))
        self._names = tuple(names)

    def update(self, result: BatchResult) -> None:
        self._add_loss(result, result.samples)
        for name in self._names:
            if name in result.metrics:
                self._sums[name].add_(result.metrics[name].detach(), alpha=result.samples)

    def compute(self) -> dict[str, float]:
        """Return `loss` and the further means by name."""
        return self._means({name: name for name in self._names})


class ClassificationMetrics(SumMetric):
    """Loss and accuracy."""

    def __init__(self, device: torch.device, threshold: float) -> None:
        """Start at zero; a single output neuron predicts class 1 above `threshold`."""
        super().__init__(device, ("loss", "correct"))
        self._threshold = threshold

    def update(self, result: BatchResult) -> None:
        output, target = output_and_target(result)
        self._add_loss(result, target.numel())
        self._sums["correct"].add_((self._predicted(output, target) == target).sum())

    def _predicted(self, output: Tensor, target: Tensor) -> Tensor:
        if output.numel() == target.numel():
            return (output.reshape(target.shape) > self._threshold).to(target.dtype)
        return output.argmax(1)

    def compute(self) -> dict[str, float]:
        """Return `loss` and `accuracy`."""
        return self._means({"accuracy": "correct"})


class RegressionMetrics(SumMetric):
    """Loss, mean absolute error and R², the last two over all predicted values.

    R² is 1 - (squared errors) / (squared deviations from the mean), averaged over the values of
    a sample, as scikit-learn's `r2_score`.
    """

    def __init__(self, device: torch.device, *, cheap: bool = False) -> None:
        """Start at zero; `cheap` omits R²."""
        extra = () if cheap else ("total", "squares", "errors")
        super().__init__(device, ("loss", "absolute", *extra))
        self._cheap = cheap

    def update(self, result: BatchResult) -> None:
        output, target = output_and_target(result)
        self._add_loss(result, target.numel())
        sums = self._sums
        expected = target.reshape(len(target), -1).to(sums["loss"].dtype)
        error = output.reshape(expected.shape) - expected
        sums["absolute"].add_(error.abs().sum())
        if self._cheap:
            return
        sums["total"] = sums["total"] + expected.sum(0)
        sums["squares"] = sums["squares"] + expected.square().sum(0)
        sums["errors"] = sums["errors"] + error.square().sum(0)

    def compute(self) -> dict[str, float]:
        """Return `loss`, `mae` and, unless `cheap`, `r2` if the targets are not constant."""
        metrics = self._means({"mae": "absolute"})
        if not self._cheap:
            sums = self._sums
            spread = sums["squares"] - sums["total"].square() / self._samples
            if bool((spread > 0).all()):
                metrics["r2"] = float((1 - sums["errors"] / spread).mean())
        return metrics


def output_and_target(result: BatchResult) -> tuple[Tensor, Tensor]:
    """Return output and target of a result; TypeError if it lacks one."""
    if result.output is None or result.target is None:
        raise TypeError("these metrics compare outputs with targets")
    return result.output.detach(), result.target
