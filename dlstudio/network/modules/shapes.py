"""Modules that change the shape of samples.

Axes and shapes are those of a sample; the batch is always axis 0 of the tensors.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Reshape(nn.Module):
    """Reshapes each sample."""

    def __init__(self, shape: tuple[int, ...] = (-1,)) -> None:
        """Reshape samples to `shape`; one size may be -1 and is inferred.

        Raises:
            ValueError: A size is 0, or several are -1.
        """
        super().__init__()
        if 0 in shape or shape.count(-1) > 1:
            raise ValueError(
                f"{shape} is not a valid shape: sizes are at least 1 and only one may be -1"
            )
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, *shape)."""
        return x.reshape(x.shape[0], *_resolve_shape(self.shape, x.shape[1:]))

    def extra_repr(self) -> str:
        return f"shape={self.shape}"


class Permute(nn.Module):
    """Permutes the axes of each sample."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        """Sample axis `axes[i]` becomes axis `i`."""
        super().__init__()
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, axes in the new order)."""
        return x.permute(0, *(axis + 1 if axis >= 0 else axis for axis in self.axes))

    def extra_repr(self) -> str:
        return f"axes={self.axes}"


def _resolve_shape(shape: tuple[int, ...], sizes: torch.Size) -> tuple[int, ...]:
    """Return `shape` with -1 inferred from one sample, never from the batch."""
    known = math.prod(size for size in shape if size != -1)
    left = math.prod(sizes) // known
    return tuple(left if size == -1 else size for size in shape)
