"""Adds and removes axes; axes are those of a sample, the batch is always axis 0 of the tensor."""

from __future__ import annotations

from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class Squeeze(nn.Module):
    """Removes axes of size 1."""

    def __init__(self, axis: int | None = None) -> None:
        """Remove this sample axis; None removes all of size 1."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, the other axes); ValueError if the size of the axis is not 1."""
        if self.axis is None:
            return x.squeeze(tuple(i for i in range(1, x.ndim) if x.shape[i] == 1))
        axis = tensor_axis(self.axis, x.ndim - 1)
        if x.shape[axis] != 1:
            raise ValueError(f"axis {self.axis} of {tuple(x.shape[1:])} does not have size 1")
        return x.squeeze(axis)

    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Unsqueeze(nn.Module):
    """Adds an axis of size 1."""

    def __init__(self, axis: int = 0) -> None:
        """Insert the axis at this index of the result."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, 1, …)."""
        return x.unsqueeze(tensor_axis(self.axis, x.ndim))

    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Repeat(nn.Module):
    """Repeats each sample along a new axis, without copying memory."""

    def __init__(self, times: int = 2, axis: int = 0) -> None:
        """Repeat `times` times along a new axis, whose index in the result is `axis`."""
        super().__init__()
        self.times = times
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, times, …)."""
        axis = tensor_axis(self.axis, x.ndim)
        return x.unsqueeze(axis).expand(*x.shape[:axis], self.times, *x.shape[axis:])

    def extra_repr(self) -> str:
        return f"times={self.times}, axis={self.axis}"
