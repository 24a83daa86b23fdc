"""Figures summed up on the device, batch by batch, and read once at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

if TYPE_CHECKING:
    from dlstudio.training.objective import Scored


class Tally(Protocol):
    """Sums over batches; reading them is the only time the device is waited for."""

    def add(self, scored: Scored) -> None:
        """Take in a batch."""
        ...

    def read(self) -> dict[str, float]:
        """Return the figures by name: `loss`, `accuracy`, `mae`, `r2`."""
        ...

    def clear(self) -> None:
        """Start again from nothing."""
        ...

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name, so that they can be kept."""
        ...

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take back kept sums."""
        ...


class Sums:
    """Sums by name, in double precision where the device has it, and counts that need no device."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start from nothing."""
        dtype = torch.float32 if device.type == "mps" else torch.float64
        self._sums = {name: torch.zeros((), dtype=dtype, device=device) for name in names}
        self._samples = 0
        self._cells = 0

    def clear(self) -> None:
        """Start again from nothing."""
        self._samples = self._cells = 0
        for name, total in self._sums.items():
            self._sums[name] = total.new_zeros(())

    def tensors(self) -> dict[str, Tensor]:
        """Return the sums by name."""
        return {**self._sums, "counts": torch.tensor([self._samples, self._cells])}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take back kept sums."""
        self._samples, self._cells = tensors["counts"].tolist()
        for name, total in self._sums.items():
            self._sums[name] = tensors[name].to(total, copy=True)

    def _count(self, scored: Scored, cells: int) -> None:
        self._samples += scored.samples
        self._cells += cells
        self._sums["loss"].add_(scored.loss.detach(), alpha=scored.samples)

    def _figures(self, names: Mapping[str, str]) -> dict[str, float]:
        """Return the mean loss and, by figure, a sum over all cells divided by their number."""
        totals = torch.stack([self._sums[name] for name in ("loss", *names.values())]).tolist()
        means = {name: total / self._cells for name, total in zip(names, totals[1:], strict=True)}
        return {"loss": totals[0] / self._samples, **means}


class FigureTally(Sums):
    """Loss and further means over the samples."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start empty; `names` are those of `Scored.figures`."""
        super().__init__(device, ("loss", *names))
        self._names = tuple(names)

    def add(self, scored: Scored) -> None:
        """Take in a batch."""
        self._count(scored, scored.samples)
        for name in self._names:
            if name in scored.figures:
                self._sums[name].add_(scored.figures[name].detach(), alpha=scored.samples)

    def read(self) -> dict[str, float]:
        """Return `loss` and the figures by name."""
        return self._figures({name: name for name in self._names})


class ClassTally(Sums):
    """Loss and accuracy."""

    def __init__(self, device: torch.device, threshold: float) -> None:
        """Start empty; a single output neuron means class 1 above `threshold`."""
        super().__init__(device, ("loss", "correct"))
        self._threshold = threshold

    def add(self, scored: Scored) -> None:
        """Take in a batch."""
        output, target = compared(scored)
        self._count(scored, target.numel())
        if output.numel() == target.numel():
            prediction = (output.reshape(target.shape) > self._threshold).to(target.dtype)
        else:
            prediction = output.argmax(1)
        self._sums["correct"].add_((prediction == target).sum())

    def read(self) -> dict[str, float]:
        """Return `loss` and `accuracy`."""
        return self._figures({"accuracy": "correct"})


class ValueTally(Sums):
    """Loss, mean absolute error and R², the last two over all predicted values.

    R² is 1 - (squared errors) / (squared deviations from the mean), averaged over the values of
    a sample, as scikit-learn's `r2_score`.
    """

    def __init__(self, device: torch.device, *, light: bool = False) -> None:
        """Start empty; a light tally leaves R² out."""
        extra = () if light else ("total", "squares", "errors")
        super().__init__(device, ("loss", "absolute", *extra))
        self._light = light

    def add(self, scored: Scored) -> None:
        """Take in a batch."""
        output, target = compared(scored)
        self._count(scored, target.numel())
        sums = self._sums
        expected = target.reshape(len(target), -1).to(sums["loss"].dtype)
        error = output.reshape(expected.shape) - expected
        sums["absolute"].add_(error.abs().sum())
        if self._light:
            return
        sums["total"] = sums["total"] + expected.sum(0)
        sums["squares"] = sums["squares"] + expected.square().sum(0)
        sums["errors"] = sums["errors"] + error.square().sum(0)

    def read(self) -> dict[str, float]:
        """Return `loss`, `mae` and, from a full tally, `r2` where the targets differ at all."""
        metrics = self._figures({"mae": "absolute"})
        if not self._light:
            sums = self._sums
            spread = sums["squares"] - sums["total"].square() / self._samples
            if bool((spread > 0).all()):
                metrics["r2"] = float((1 - sums["errors"] / spread).mean())
        return metrics


def compared(scored: Scored) -> tuple[Tensor, Tensor]:
    """Return output and target, where both are there."""
    if scored.output is None or scored.target is None:
        raise TypeError("this tally compares outputs with targets")
    return scored.output.detach(), scored.target
