"""Metrics accumulated on the device batch by batch, and read once at the end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from dlstudio.training.metrics.batch_result import BatchResult, Proportion
from dlstudio.training.metrics.sums import WeightedMeans


class Metric(Protocol):
    """Sums over batches; only `compute` waits for the device."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics that `compute` returns, if they exist for the samples."""
        ...

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


class MeanMetrics:
    """Loss and further means over samples, or over the items that a metric counts."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start at zero; `names` are keys of `BatchResult.metrics`."""
        self.device = device
        self._names = tuple(names)
        self._means = WeightedMeans(device, ("loss", *names))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of loss and means."""
        return ("loss", *self._names)

    def reset(self) -> None:
        self._means.reset()

    def tensors(self) -> dict[str, Tensor]:
        return self._means.tensors()

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        self._means.load(tensors)

    def update(self, result: BatchResult) -> None:
        """Add the loss of a batch, and those of the means that it has."""
        items = result.samples if result.items is None else result.items
        self._means.add("loss", result.loss, items)
        for name in self._names:
            value = result.metrics.get(name)
            if isinstance(value, Proportion):
                self._means.add_count(name, value.count, value.items)
            elif value is not None:
                self._means.add(name, value, result.samples)

    def compute(self) -> dict[str, float]:
        """Return the loss and the means of at least one item, by name."""
        means = self._means.compute()
        return {k: v for k, v in means.items() if k == "loss" or not math.isnan(v)}


class ClassificationMetrics(MeanMetrics):
    """Loss and accuracy."""

    def __init__(self, device: torch.device, threshold: float) -> None:
        """Start at zero; a single output neuron predicts class 1 above `threshold`."""
        super().__init__(device, ())
        self._means = WeightedMeans(device, ("loss", "correct"))
        self._threshold = threshold

    @property
    def names(self) -> tuple[str, ...]:
        """Return `loss` and `accuracy`."""
        return ("loss", "accuracy")

    def update(self, result: BatchResult) -> None:
        super().update(result)
        output, target = output_and_target(result)
        correct = (self._predicted(output, target) == target).sum()
        self._means.add_count("correct", correct, target.numel())

    def _predicted(self, output: Tensor, target: Tensor) -> Tensor:
        if output.numel() == target.numel():
            return (output.reshape(target.shape) > self._threshold).to(target.dtype)
        return output.argmax(1)

    def compute(self) -> dict[str, float]:
        """Return `loss` and `accuracy`."""
        metrics = super().compute()
        return {"accuracy" if name == "correct" else name: v for name, v in metrics.items()}


class RegressionMetrics(MeanMetrics):
    """Loss, mean absolute error and R², the last two over all predicted values.

    R² is 1 - (squared errors) / (squared deviations from the mean), averaged over the values of
    a sample, as scikit-learn's `r2_score`. Deviations are merged batch by batch. Source: Chan,
    Golub and LeVeque 1983, "Algorithms for computing the sample variance".
    """

    def __init__(self, device: torch.device, *, cheap: bool = False) -> None:
        """Start at zero; `cheap` omits R²."""
        super().__init__(device, ())
        self._means = WeightedMeans(device, ("loss", "absolute"))
        self._cheap = cheap
        self._dtype = torch.float32 if device.type == "mps" else torch.float64
        self._samples = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return `loss`, `mae` and, unless `cheap`, `r2`."""
        return ("loss", "mae") if self._cheap else ("loss", "mae", "r2")

    def reset(self) -> None:
        super().reset()
        self._samples = 0

    def tensors(self) -> dict[str, Tensor]:
        if not self._samples:
            return super().tensors()
        own = {"mean": self._mean, "deviations": self._deviations, "errors": self._errors}
        return {**super().tensors(), **own, "samples": torch.tensor(self._samples)}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        super().load(tensors)
        self._samples = int(tensors["samples"]) if "samples" in tensors else 0
        if self._samples:
            self._mean, self._deviations, self._errors = (
                tensors[name].to(self.device, self._dtype, copy=True)
                for name in ("mean", "deviations", "errors")
            )

    def update(self, result: BatchResult) -> None:
        super().update(result)
        output, target = output_and_target(result)
        expected = target.reshape(len(target), -1).to(self._dtype)
        error = output.reshape(expected.shape) - expected
        self._means.add("absolute", error.abs().mean(), expected.numel())
        if not self._cheap:
            self._add_deviations(expected, error.square().sum(0))

    def _add_deviations(self, expected: Tensor, errors: Tensor) -> None:
        count, mean = len(expected), expected.mean(0)
        deviations = (expected - mean).square().sum(0)
        if not self._samples:
            self._mean, self._deviations, self._errors = mean, deviations, errors
        else:
            total, distance = self._samples + count, mean - self._mean
            between = distance.square() * (self._samples * count / total)
            self._deviations = self._deviations + deviations + between
            self._errors = self._errors + errors
            self._mean = self._mean + distance * (count / total)
        self._samples += count

    def compute(self) -> dict[str, float]:
        """Return `loss`, `mae` and, unless `cheap`, `r2` if the targets are not constant."""
        metrics = super().compute()
        if "absolute" in metrics:
            metrics["mae"] = metrics.pop("absolute")
        if self._samples and bool((self._deviations > 0).all()):
            metrics["r2"] = float((1 - self._errors / self._deviations).mean())
        return metrics


def output_and_target(result: BatchResult) -> tuple[Tensor, Tensor]:
    """Return output and target of a result; TypeError if it lacks one."""
    if result.output is None or result.target is None:
        raise TypeError("these metrics compare outputs with targets")
    return result.output.detach(), result.target
