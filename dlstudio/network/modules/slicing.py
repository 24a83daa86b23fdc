"""Parts of samples along an axis; the batch is always axis 0 of the tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class Split(nn.Module):
    """Splits (B, …, n, …) in two along one sample axis."""

    def __init__(self, axis: int = 0, size: int | None = None) -> None:
        """Split this sample axis after `size` entries; None splits in the middle."""
        super().__init__()
        self.axis = axis
        self.size = size

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return (B, …, size, …) and (B, …, n - size, …); ValueError for halves of an odd n."""
        axis = tensor_axis(self.axis, x.ndim - 1)
        length = x.shape[axis]
        if self.size is None and length % 2:
            raise ValueError(f"an axis of size {length} has no equal halves")
        size = length // 2 if self.size is None else self.size
        return x.narrow(axis, 0, size), x.narrow(axis, size, length - size)

    def extra_repr(self) -> str:
        return f"axis={self.axis}, size={self.size}"


class Slice(nn.Module):
    """A slice of one sample axis."""

    def __init__(self, axis: int = 0, start: int = 0, stop: int | None = None, step: int = 1):
        """Slice this sample axis as Python does."""
        super().__init__()
        self.axis = axis
        self.span = slice(start, stop, step)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, entries in the slice, …)."""
        before = (slice(None),) * tensor_axis(self.axis, x.ndim - 1)
        return x[(*before, self.span)]

    def extra_repr(self) -> str:
        span = self.span
        return f"axis={self.axis}, start={span.start}, stop={span.stop}, step={span.step}"


class Select(nn.Module):
    """One entry of a sample axis."""

    def __init__(self, axis: int = 0, index: int = -1) -> None:
        """Select this entry of a sample axis; negative indices count from the end."""
        super().__init__()
        self.axis = axis
        self.index = index

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …) without the axis; IndexError if there is no such entry."""
        return x.select(tensor_axis(self.axis, x.ndim - 1), self.index)

    def extra_repr(self) -> str:
        return f"axis={self.axis}, index={self.index}"


class Flip(nn.Module):
    """Reverses one sample axis."""

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        return torch.flip(x, (tensor_axis(self.axis, x.ndim - 1),))

    def extra_repr(self) -> str:
        return f"axis={self.axis}"
