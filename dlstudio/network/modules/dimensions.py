"""Axes added and dropped; axes are those of a sample, the batch is always axis 0 of the tensors."""

from __future__ import annotations

from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class Squeeze(nn.Module):
    """Samples without axes of size 1."""

    def __init__(self, axis: int | None = None) -> None:
        """Keep the sample axis; None means all of size 1."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, the other axes); ValueError where the axis holds more than one number."""
        if self.axis is None:
            return x.squeeze(tuple(i for i in range(1, x.ndim) if x.shape[i] == 1))
        axis = tensor_axis(self.axis, x.ndim - 1)
        if x.shape[axis] != 1:
            raise ValueError(f"axis {self.axis} of {tuple(x.shape[1:])} does not have size 1")
        return x.squeeze(axis)

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}"


class Unsqueeze(nn.Module):
    """Samples with one more axis, of size 1."""

    def __init__(self, axis: int = 0) -> None:
        """Keep where the new axis stands among those of the result."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, 1, …)."""
        return x.unsqueeze(tensor_axis(self.axis, x.ndim))

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}"


class Repeat(nn.Module):
    """Copies of each sample along a new axis, without memory for them."""

    def __init__(self, times: int = 2, axis: int = 0) -> None:
        """Keep the number of copies, and where the new axis stands in the result."""
        super().__init__()
        self.times = times
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, times, …)."""
        axis = tensor_axis(self.axis, x.ndim)
        return x.unsqueeze(axis).expand(*x.shape[:axis], self.times, *x.shape[axis:])

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"times={self.times}, axis={self.axis}"
