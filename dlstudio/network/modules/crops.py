"""Cropping modules that torch.nn lacks."""

from __future__ import annotations

from torch import Tensor, nn


class Crop2d(nn.Module):
    """Crops the edges of an image, or keeps its centre."""

    def __init__(
        self,
        cropping: tuple[int, int, int, int] = (1, 1, 1, 1),
        size: tuple[int, int] | None = None,
    ) -> None:
        """Crop top, bottom, left and right, or keep a centre of the given size."""
        super().__init__()
        self.cropping = cropping
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, H', W') of (B, …, H, W); an odd remainder is cropped at the end.

        Raises:
            ValueError: There are no axes of height and width, or they are too small.
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
        return f"cropping={self.cropping}" if self.size is None else f"size={self.size}"
