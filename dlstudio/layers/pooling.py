"""Layers that summarise neighbourhoods by one number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.problems import Problem
from dlstudio.design.signals import Shape, Signal
from dlstudio.layers import pooling_checks as checks
from dlstudio.layers.kind import Call, Kind, Signals
from dlstudio.layers.mistakes import LARGEST, by, too_large
from dlstudio.layers.settings import Sizes, Switch, Whole, declare
from dlstudio.layers.windows import (
    dilation_setting,
    kernel_setting,
    padding_setting,
    stride_setting,
)

KERNEL_HELP = "How large a patch is summarised by one number; 2 halves the size."
CEIL_MODE = Switch(
    title="Count partial windows",
    help="Keeps a last window that hangs over the edge, instead of leaving the rest out.",
    default=False,
    advanced=True,
)


@dataclass(frozen=True)
class Pooling(Kind):
    """What the layers with a pooling window share."""

    category: ClassVar[str] = "pooling"
    window_axes: ClassVar[int] = 2
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)

    kernel_size: tuple[int, ...] = ()
    stride: tuple[int, ...] | None = None
    padding: tuple[int, ...] = ()
    ceil_mode: bool = declare(CEIL_MODE)

    def telling(self) -> str:
        """Return the kernel size."""
        return by(self.kernel_size)

    def window(self) -> checks.PoolWindow:
        """Return the window's geometry."""
        return checks.PoolWindow(
            self.kernel_size,
            self.stride or self.kernel_size,
            self.padding,
            (1,) * len(self.kernel_size),
            self.ceil_mode,
        )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield wrong inputs, then paddings and kernels that do not fit."""
        (signal,) = signals["input"]
        problems = list(checks.needs_grid(self.title, signal, self.window_axes, self.dtypes))
        problems = problems or list(checks.padding_fits(self.title, self.window()))
        if not problems:
            sizes = signal.shape[-self.window_axes :]
            problems = list(checks.window_fits(self.title, sizes, self.window()))
        yield from problems

    def call(self, signals: Signals) -> Call:
        """Return the torch module of the same name with every setting."""
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True)
class MaxPool(Pooling):
    """What the two max pools share."""

    dilation: tuple[int, ...] = ()

    def window(self) -> checks.PoolWindow:
        """Return the window's geometry."""
        return checks.PoolWindow(
            self.kernel_size,
            self.stride or self.kernel_size,
            self.padding,
            self.dilation,
            self.ceil_mode,
        )


@dataclass(frozen=True)
class MaxPool1d(MaxPool):
    """Largest value along a series."""

    name: ClassVar[str] = "max_pool1d"
    title: ClassVar[str] = "MaxPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Keeps the largest value of each stretch"
    explanation: ClassVar[str] = (
        "Cuts the series into short stretches and keeps only the largest value of each, as one "
        "remembers only the loudest moment of every minute. The series becomes shorter, and it "
        "matters less at which exact moment a pattern occurred."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>t</i>] = max<sub><i>i</i></sub> <i>x</i>[<i>s t</i> + <i>d i</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(1, None)
    padding: tuple[int, ...] = padding_setting(1)
    dilation: tuple[int, ...] = dilation_setting(1)


@dataclass(frozen=True)
class MaxPool2d(MaxPool):
    """Largest value of each patch."""

    name: ClassVar[str] = "max_pool2d"
    title: ClassVar[str] = "MaxPool2d"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "Keeps the largest value of each patch"
    explanation: ClassVar[str] = (
        "Divides each channel into small patches and keeps only the largest value of each, as a "
        "newspaper keeps only the biggest story of every district. The picture becomes smaller, "
        "later layers see more of it at once, and it matters less where exactly a pattern was."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = max<sub><i>u, v</i></sub> "
        "<i>x</i>[<i>s i</i> + <i>d u</i> − <i>p</i>, <i>s j</i> + <i>d v</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(2, None)
    padding: tuple[int, ...] = padding_setting(2)
    dilation: tuple[int, ...] = dilation_setting(2)


@dataclass(frozen=True)
class AvgPool2d(Pooling):
    """Mean of each patch."""

    name: ClassVar[str] = "avg_pool2d"
    title: ClassVar[str] = "AvgPool2d"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64")
    summary: ClassVar[str] = "Replaces each patch by its mean"
    explanation: ClassVar[str] = (
        "Divides each channel into small patches and replaces every patch by its mean, as a "
        "picture looks from farther away. It becomes smaller and smoother; unlike max pooling, "
        "every value has its say."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = 1⁄<i>k</i>² Σ<sub><i>u, v</i></sub> "
        "<i>x</i>[<i>s i</i> + <i>u</i> − <i>p</i>, <i>s j</i> + <i>v</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(2, None)
    padding: tuple[int, ...] = padding_setting(2)
    count_include_pad: bool = declare(
        Switch(
            title="Count the padding",
            help="Whether the zeros added at the edges count in the mean.",
            default=True,
            advanced=True,
        )
    )
    divisor_override: int | None = declare(
        Whole(
            title="Divide by",
            help="Divides each sum by this number instead of the patch's size.",
            default=None,
            optional=True,
            advanced=True,
        )
    )


@dataclass(frozen=True)
class AdaptiveAvgPool2d(Kind):
    """Means on a grid of a given size."""

    name: ClassVar[str] = "adaptive_avg_pool2d"
    title: ClassVar[str] = "AdaptiveAvgPool2d"
    category: ClassVar[str] = "pooling"
    summary: ClassVar[str] = "Averages to a size that you choose"
    explanation: ClassVar[str] = (
        "Lays a grid of the size you choose over each channel and writes the mean of every field, "
        "whatever size arrives, as a map of a country shows one mean temperature per province. "
        "With 1×1 each channel becomes one number: how much of its pattern was seen at all."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = mean of <i>x</i> over field (<i>i, j</i>) of the grid"
    )

    output_size: tuple[int, ...] = declare(
        Sizes(
            title="Output size",
            help="Height and width of the result, whatever arrives; 1, 1 leaves one mean per "
            "channel.",
            default=(1, 1),
            count=2,
        )
    )

    def telling(self) -> str:
        """Return the output size."""
        return by(self.output_size)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield anything that is no grid of real numbers."""
        (signal,) = signals["input"]
        problems = list(checks.needs_grid(self.title, signal, 2, ("float32",)))
        count = self._outputs(signal)
        if not problems and count > LARGEST:
            problems = [too_large(self.title, "Its output", count)]
        yield from problems

    def _outputs(self, signal: Signal) -> int:
        channels: Shape = signal.shape[:-2]
        return math.prod((*channels, *self.output_size))

    def call(self, signals: Signals) -> Call:
        """Return torch's AdaptiveAvgPool2d."""
        arguments: dict[str, Any] = {"output_size": self.output_size}
        return Call("torch.nn.AdaptiveAvgPool2d", arguments)


KINDS: tuple[type[Kind], ...] = (MaxPool1d, MaxPool2d, AvgPool2d, AdaptiveAvgPool2d)
"""In the palette's order."""
