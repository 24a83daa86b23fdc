"""Random noise modules that torch.nn lacks.

In training mode they draw from torch's default generator; in evaluation mode they draw nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class StochasticDepth(nn.Module):
    """Sets whole samples to 0 with probability `p` and scales the others up.

    Source: Huang et al., 2016, "Deep Networks with Stochastic Depth"; equal to
    `torchvision.ops.StochasticDepth` in row mode.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …), some samples 0 in training mode; TypeError for integers."""
        _require_real("StochasticDepth", x)
        if not self.training or self.p == 0:
            return x
        mask = torch.empty(x.shape[:1] + (1,) * (x.ndim - 1), dtype=x.dtype, device=x.device)
        mask.bernoulli_(1 - self.p)
        return x * (mask if self.p == 1 else mask / (1 - self.p))

    def extra_repr(self) -> str:
        return f"p={self.p}"


class GaussianNoise(nn.Module):
    """Adds noise from N(0, std²) in training mode."""

    def __init__(self, std: float) -> None:
        super().__init__()
        self.std = std

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …), with noise in training mode; TypeError for integers."""
        _require_real("GaussianNoise", x)
        return x + self.std * torch.randn_like(x) if self.training and self.std else x

    def extra_repr(self) -> str:
        return f"std={self.std}"


def _require_real(name: str, x: Tensor) -> None:
    if not x.is_floating_point():
        raise TypeError(f"{name} needs real numbers, not {x.dtype}")
