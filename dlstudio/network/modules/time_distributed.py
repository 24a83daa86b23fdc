"""Time steps as samples of their own, and back: what stands around a block for each time step."""

from __future__ import annotations

from torch import Tensor, nn


class FoldSteps(nn.Module):
    """Lays the time steps of all samples one behind the other."""

    def forward(self, x: Tensor, like: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return (B·T, …) of x (B, T, …), and x itself; `like` only tells of the first input."""
        del like
        return x.flatten(0, 1), x


class UnfoldSteps(nn.Module):
    """Gives each sample its time steps back."""

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        """Return (B, T, …) of x (B·T, …), with B and T of `like` (B, T, …)."""
        return x.reshape(*like.shape[:2], *x.shape[1:])
