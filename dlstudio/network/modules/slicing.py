"""Parts of samples along an axis; the batch is always axis 0 of the tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class Split(nn.Module):
    """Two parts of (B, …, n, …) along one sample axis."""

    def __init__(self, axis: int = 0, size: int | None = None) -> None:
        """Keep the sample axis and the size of the first part; None cuts in the middle."""
        super().__init__()
        self.axis = axis
        self.size = size

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return (B, …, size, …) and (B, …, n - size, …); ValueError for halves of an odd n."""
        axis = tensor_axis(self.axis, x.ndim - 1)
        length = x.shape[axis]
        if self.size is None and length % 2:
            raise ValueError(f"{length} has no equal halves")
        size = length // 2 if self.size is None else self.size
        return x.narrow(axis, 0, size), x.narrow(axis, size, length - size)

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}, size={self.size}"


class Slice(nn.Module):
    """A stretch of one sample axis."""

    def __init__(self, axis: int = 0, start: int = 0, stop: int | None = None, step: int = 1):
        """Keep the sample axis and the stretch as Python counts it."""
        super().__init__()
        self.axis = axis
        self.span = slice(start, stop, step)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, places kept, …)."""
        before = (slice(None),) * tensor_axis(self.axis, x.ndim - 1)
        return x[(*before, self.span)]

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        span = self.span
        return f"axis={self.axis}, start={span.start}, stop={span.stop}, step={span.step}"


class Select(nn.Module):
    """One place of a sample axis."""

    def __init__(self, axis: int = 0, index: int = -1) -> None:
        """Keep the sample axis and the place; negative ones count from the end."""
        super().__init__()
        self.axis = axis
        self.index = index

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …) without the axis; IndexError where there is no such place."""
        return x.select(tensor_axis(self.axis, x.ndim - 1), self.index)

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}, index={self.index}"


class Flip(nn.Module):
    """One sample axis back to front."""

    def __init__(self, axis: int = -1) -> None:
        """Keep the sample axis."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return the shape that came in."""
        return torch.flip(x, (tensor_axis(self.axis, x.ndim - 1),))

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}"
