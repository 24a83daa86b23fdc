"""Convolutions that filter each channel separately, and so need few weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.layers.convolution.convolution import (
    KERNEL_HELP,
    Convolution,
    WindowedConvolution,
    WithOutChannels,
)
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import shape_text
from dlstudio.layers.framework.settings import Integer, setting
from dlstudio.layers.framework.sliding_window import (
    dilation_setting,
    kernel_setting,
    padding_setting,
    stride_setting,
)

OWN = "dlstudio.network.modules.convolutions."


@dataclass(frozen=True, eq=False, repr=False)
class WithMultiplier(Convolution):
    """Base class of layers with separate filters for each channel."""

    channel_multiplier: int = setting(
        Integer(
            title="Filters per channel",
            help="Number of filters for each input channel; 1 keeps the number of channels.",
            default=1,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class DepthwiseConv2d(WindowedConvolution, WithMultiplier):
    """A depthwise convolution: `torch.nn.Conv2d` with one group per channel."""

    name: ClassVar[str] = "depthwise_conv2d"
    title: ClassVar[str] = "DepthwiseConv2d"
    summary: ClassVar[str] = "Filters each channel separately"
    explanation: ClassVar[str] = (
        "Gives every channel a small filter of its own, which never looks at the other channels, "
        "as each instrument of an orchestra is tuned alone. It needs far fewer weights than a "
        "Conv2d, but mixes nothing: a 1×1 Conv2d after it does the mixing. Networks for phones "
        "use it."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>c,m</sub></i> = <i>b<sub>c,m</sub></i> + "
        "<i>w<sub>c,m</sub></i> ∗ <i>x<sub>c</sub></i>"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(2)
    padding: tuple[int, ...] | str = padding_setting(2, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(2)

    def card_summary(self) -> str:
        times = f"×{self.channel_multiplier} · " if self.channel_multiplier > 1 else ""
        return f"{times}{shape_text(self.kernel_size)}"

    def max_channels(self, channels: int) -> int:
        """Return the number of output channels."""
        return channels * self.channel_multiplier

    def weight_count(self, channels: int) -> int:
        """Return the numbers in all filters."""
        return self.max_channels(channels) * math.prod(self.kernel_size)

    def arguments(self, signals: Signals) -> dict[str, Any]:
        """Return those of a Conv2d that has one group for each channel."""
        arguments = super().arguments(signals)
        channels = arguments["in_channels"]
        out_channels = channels * arguments.pop("channel_multiplier")
        return {**arguments, "out_channels": out_channels, "groups": channels}

    def call(self, signals: Signals) -> Call:
        return Call("torch.nn.Conv2d", self.arguments(signals), self.weight_norm)


@dataclass(frozen=True, eq=False, repr=False)
class SeparableConv2d(WindowedConvolution, WithMultiplier, WithOutChannels):
    """A depthwise convolution followed by a 1×1 convolution."""

    name: ClassVar[str] = "separable_conv2d"
    title: ClassVar[str] = "SeparableConv2d"
    summary: ClassVar[str] = "Filters each channel, then mixes them at each position"
    explanation: ClassVar[str] = (
        "Does the work of a Conv2d in two cheap steps: first each channel is filtered separately, "
        "then a 1×1 convolution mixes the channels at each position, as cooks first cut every "
        "vegetable and then stir them together. With 3×3 filters it needs about a ninth of the "
        "weights and is often nearly as good."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i> = <i>b<sub>k</sub></i> + Σ<sub><i>c,m</i></sub> "
        "<i>v<sub>k,c,m</sub></i> (<i>w<sub>c,m</sub></i> ∗ <i>x<sub>c</sub></i>)"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(2)
    padding: tuple[int, ...] | str = padding_setting(2, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(2)

    def card_summary(self) -> str:
        return f"{self.out_channels} · {shape_text(self.kernel_size)}"

    def max_channels(self, channels: int) -> int:
        """Return the number of channels between or after the two steps, whichever is larger."""
        return max(channels * self.channel_multiplier, self.out_channels)

    def weight_count(self, channels: int) -> int:
        """Return the number of weights of the larger step."""
        between = channels * self.channel_multiplier
        return between * max(math.prod(self.kernel_size), self.out_channels)

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}{self.title}", self.arguments(signals), self.weight_norm)


KINDS: tuple[type[LayerKind], ...] = (DepthwiseConv2d, SeparableConv2d)
"""In the palette's order."""
