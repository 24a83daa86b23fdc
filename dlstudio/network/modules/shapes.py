"""Changes of shape that torch.nn lacks, as submodules so they can be hooked.

Axes and shapes are those of a sample; the batch is always axis 0 of the tensors.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Reshape(nn.Module):
    """The same numbers in another shape."""

    def __init__(self, shape: tuple[int, ...] = (-1,)) -> None:
        """Keep the sample shape; one size may be -1 and follows from the rest.

        Raises:
            ValueError: A size of 0, or several of -1.
        """
        super().__init__()
        if 0 in shape or shape.count(-1) > 1:
            raise ValueError(f"{shape} is no shape: sizes are at least 1 and only one may be -1")
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, *shape)."""
        return x.reshape(x.shape[0], *_resolve_shape(self.shape, x.shape[1:]))

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"shape={self.shape}"


class Permute(nn.Module):
    """The axes of each sample in another order."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        """Keep the order: sample axis `axes[i]` becomes axis `i`."""
        super().__init__()
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, axes in the new order)."""
        return x.permute(0, *(axis + 1 if axis >= 0 else axis for axis in self.axes))

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axes={self.axes}"


def _resolve_shape(shape: tuple[int, ...], sizes: torch.Size) -> tuple[int, ...]:
    """Return `shape` with -1 worked out from one sample, so that no batch can fill it."""
    known = math.prod(size for size in shape if size != -1)
    left = math.prod(sizes) // known
    return tuple(left if size == -1 else size for size in shape)
