"""Global pooling modules that torch.nn lacks."""

from __future__ import annotations

from torch import Tensor, nn


class GlobalAvgPool(nn.Module):
    """The mean of each channel over all positions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C) of (B, C, …)."""
        return x.flatten(2).mean(2)


class GlobalMaxPool(nn.Module):
    """The maximum of each channel over all positions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C) of (B, C, …)."""
        return x.flatten(2).amax(2)
