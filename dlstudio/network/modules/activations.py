"""Activations that torch.nn lacks, as submodules so they can be hooked.

Axes and shapes are those of a sample; the batch is always axis 0 of the tensors.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

STRAIGHT_THROUGH = "straight-through"


class SwiGLU(nn.Module):
    """SiLU of the first half of an axis times the second half.

    Source: Shazeer, 2020, "GLU Variants Improve Transformer".
    """

    def __init__(self, axis: int = -1) -> None:
        """Keep the sample axis; negative ones count from the end."""
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, half of the axis, …); ValueError if the axis has no two halves."""
        axis = self.axis + 1 if self.axis >= 0 else self.axis
        if axis % x.ndim == 0 or x.shape[axis] % 2:
            raise ValueError(f"axis {self.axis} of {tuple(x.shape[1:])} has no two halves")
        gate, passing = x.chunk(2, axis)
        return functional.silu(gate) * passing

    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Step(nn.Module):
    """1 from a threshold on, otherwise 0; the gradient is 0, or that of the identity.

    Source: McCulloch and Pitts, 1943; straight-through: Bengio et al., 2013, arXiv:1308.3432.
    """

    def __init__(self, threshold: float = 0.0, gradient: str = "zero") -> None:
        super().__init__()
        self.threshold = threshold
        self.gradient = gradient

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …) of zeros and ones; of integers in the default real type."""
        fires = x >= self.threshold
        if not x.is_floating_point():
            return fires.to(torch.get_default_dtype())
        slope = 1.0 if self.gradient == STRAIGHT_THROUGH else 0.0
        return fires.to(x.dtype) + slope * (x - x.detach())

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, gradient={self.gradient!r}"
