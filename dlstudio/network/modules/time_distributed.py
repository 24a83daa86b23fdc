"""Folds time steps into the batch and back, around a block that runs once per time step."""

from __future__ import annotations

from torch import Tensor, nn


class FoldSteps(nn.Module):
    """Folds the time steps of all samples into the batch."""

    def forward(self, x: Tensor, like: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return (B·T, …) of x (B, T, …), and x itself; `like` only provides the shape."""
        del like
        return x.flatten(0, 1), x


class UnfoldSteps(nn.Module):
    """Unfolds the time steps of each sample."""

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        """Return (B, T, …) of x (B·T, …), with B and T of `like` (B, T, …)."""
        return x.reshape(*like.shape[:2], *x.shape[1:])
