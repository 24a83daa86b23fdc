"""Cuts that torch.nn lacks, as submodules so they can be hooked."""

from __future__ import annotations

from torch import Tensor, nn


class Crop2d(nn.Module):
    """A part of each image: without its edges, or its middle."""

    def __init__(
        self,
        cropping: tuple[int, int, int, int] = (1, 1, 1, 1),
        size: tuple[int, int] | None = None,
    ) -> None:
        """Keep what top, bottom, left and right lose, or the height and width that stay."""
        super().__init__()
        self.cropping = cropping
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, H', W') of (B, …, H, W); an odd rest of a centre is cut at the end.

        Raises:
            ValueError: There is no height and width, or less of them than shall stay.
        """
        if x.ndim < 3:
            raise ValueError(f"a batch of images has at least 3 axes, not {x.ndim}")
        height, width = x.shape[-2:]
        if self.size is None:
            top, bottom, left, right = self.cropping
            return x[..., top : height - bottom, left : width - right]
        high, wide = self.size
        if high > height or wide > width:
            raise ValueError(f"there is no centre of {high}×{wide} in {height}×{width}")
        top, left = (height - high) // 2, (width - wide) // 2
        return x[..., top : top + high, left : left + wide]

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"cropping={self.cropping}" if self.size is None else f"size={self.size}"
