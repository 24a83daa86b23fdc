"""Sums over batches that stay on the device and stay exact, however long and uneven they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor


class ExactSum:
    """A sum of scalars: in double precision, or in single precision with its rounding errors.

    The second is for devices without doubles. Source: Neumaier 1974, "Rundungsfehleranalyse
    einiger Verfahren zur Summation endlicher Summen". Counts are exact up to 2⁵³ and 2⁴⁸.
    """

    def __init__(self, device: torch.device, *, has_doubles: bool) -> None:
        """Start at zero."""
        dtype = torch.float64 if has_doubles else torch.float32
        self._sum = torch.zeros((), dtype=dtype, device=device)
        self._error = None if has_doubles else torch.zeros_like(self._sum)

    def add(self, value: Tensor, weight: int | Tensor = 1) -> None:
        """Add a scalar times an integer weight."""
        value = value.detach()
        if self._error is None:
            if isinstance(weight, Tensor):
                self._sum.add_(value.to(self._sum.dtype) * weight)
            else:
                self._sum.add_(value, alpha=weight)
            return
        term = (value * weight).to(self._sum.dtype)
        total = self._sum + term
        is_larger = self._sum.abs() >= term.abs()
        lost = torch.where(is_larger, (self._sum - total) + term, (term - total) + self._sum)
        self._error = self._error + lost
        self._sum = total

    def tensors(self) -> tuple[Tensor, ...]:
        """Return the tensors that add up to the sum."""
        return (self._sum,) if self._error is None else (self._sum, self._error)

    def set(self, value: Tensor) -> None:
        """Replace the sum by one that `stored` returned."""
        self._sum = value.to(self._sum, copy=True)
        if self._error is not None:
            self._error = (value.cpu().double() - self._sum.cpu().double()).to(self._error)

    def stored(self) -> Tensor:
        """Return the sum as one tensor, in double precision."""
        if self._error is None:
            return self._sum
        return self._sum.cpu().double() + self._error.cpu().double()


class WeightedMeans:
    """Means by name over all batches, each with the number of items that it is a mean of."""

    def __init__(self, device: torch.device, names: Sequence[str]) -> None:
        """Start without items."""
        self._device = device
        self._names = tuple(names)
        self.reset()

    def reset(self) -> None:
        """Remove all items."""
        has_doubles = self._device.type != "mps"
        self._sums = {name: ExactSum(self._device, has_doubles=has_doubles) for name in self._names}
        self._items: dict[str, int | Tensor] = dict.fromkeys(self._names, 0)

    def add(self, name: str, mean: Tensor, items: int | Tensor) -> None:
        """Add the mean of a number of items; a mean of no items does not count."""
        if isinstance(items, Tensor):
            mean = torch.where(items > 0, mean.detach(), 0.0)
        self._sums[name].add(mean, items)
        self._items[name] = self._items[name] + items

    def add_count(self, name: str, count: Tensor, items: int | Tensor) -> None:
        """Add a number of items and how many of them have a property."""
        self._sums[name].add(count)
        self._items[name] = self._items[name] + items

    def compute(self) -> dict[str, float]:
        """Return each mean by name, NaN for one of no items; waits for the device once."""
        parts = [self._sums[name].tensors() for name in self._names]
        items = [item for item in self._items.values() if isinstance(item, Tensor)]
        numbers = _to_host([*(tensor for part in parts for tensor in part), *items])
        sums = [math.fsum(next(numbers) for _ in part) for part in parts]
        means = {}
        for name, total in zip(self._names, sums, strict=True):
            item = self._items[name]
            count = next(numbers) if isinstance(item, Tensor) else item
            means[name] = total / count if count else math.nan
        return means

    def tensors(self) -> dict[str, Tensor]:
        """Return sums by name and, as `counts`, the numbers of items, for a checkpoint."""
        counts = torch.stack([torch.as_tensor(item).cpu() for item in self._items.values()])
        return {**{name: total.stored() for name, total in self._sums.items()}, "counts": counts}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore what `tensors` returned."""
        counts = tensors["counts"].tolist()
        for index, (name, total) in enumerate(self._sums.items()):
            total.set(tensors[name])
            self._items[name] = int(counts[min(index, len(counts) - 1)])


def _to_host(tensors: Sequence[Tensor]) -> Iterator[float]:
    if any(tensor.device.type == "mps" for tensor in tensors):
        return iter([float(tensor) for tensor in tensors])
    return iter(torch.stack([tensor.double() for tensor in tensors]).tolist())
