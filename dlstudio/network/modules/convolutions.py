"""Convolutions that torch.nn lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from torch import Tensor, nn

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


class SeparableConv2d(nn.Module):
    """A depthwise convolution, then a pointwise one; only the second has a bias.

    Source: Chollet, Xception (https://arxiv.org/abs/1610.02357), as Keras' SeparableConv2D.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, int],
        *,
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] | str = (0, 0),
        dilation: tuple[int, int] = (1, 1),
        bias: bool = True,
        padding_mode: PaddingMode = "zeros",
        channel_multiplier: int = 1,
    ) -> None:
        """Build both steps; arguments are those of `torch.nn.Conv2d`."""
        super().__init__()
        between = in_channels * channel_multiplier
        self.depthwise = nn.Conv2d(
            in_channels,
            between,
            kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=in_channels,
            bias=False,
            padding_mode=padding_mode,
        )
        self.pointwise = nn.Conv2d(between, out_channels, 1, bias=bias)

    def multiply_adds(self, _inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: each filter is used once per output position."""
        weights = (self.get_parameter(f"{name}.weight") for name, _ in self.named_children())
        return math.prod(outputs[0].shape[2:]) * sum(weight.numel() for weight in weights)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, out_channels, H', W') of (B, in_channels, H, W)."""
        mixed: Tensor = self.pointwise(self.depthwise(x))
        return mixed
