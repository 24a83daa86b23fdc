"""Mean, maximum and sum along sample axes; the batch is always axis 0 of the tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class _Reduction(nn.Module):
    """Reduces one sample axis of (B, …), or all of them."""

    def __init__(self, axis: int | None = 0, keepdim: bool = False) -> None:
        """Reduce this sample axis, None for all; `keepdim` keeps it with size 1."""
        super().__init__()
        self.axis = axis
        self.keepdim = keepdim

    def forward(self, x: Tensor) -> Tensor:
        """Return the reduced samples; a scalar stays as it is."""
        count = x.ndim - 1
        if self.axis is not None:
            return self.reduce(x, (tensor_axis(self.axis, count),))
        if not count:
            return self.reduce(x.unsqueeze(1), (1,)).reshape(x.shape)
        return self.reduce(x, tuple(range(1, x.ndim)))

    def reduce(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Return `x` without these axes of the tensor, or with size 1 in their place."""
        raise NotImplementedError

    def extra_repr(self) -> str:
        return f"axis={self.axis}, keepdim={self.keepdim}"


class Mean(_Reduction):
    """The mean."""

    def reduce(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Return the average over these axes."""
        return x.mean(axes, self.keepdim)


class Max(_Reduction):
    """The maximum; equal values share the gradient."""

    def reduce(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Return the maximum over these axes."""
        return torch.amax(x, axes, self.keepdim)


class Sum(_Reduction):
    """The sum; integers and Booleans are summed in int64."""

    def reduce(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Return the sum over these axes."""
        return x.sum(axes, self.keepdim)
