"""Convolutions over series, images and volumes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.convolution import convolution_checks as checks
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS, shape_text, too_large
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Setting, setting
from dlstudio.layers.framework.sliding_window import (
    dilation_setting,
    kernel_setting,
    padding_setting,
    stride_setting,
)
from dlstudio.layers.framework.weighted import WeightNormed

FILTERS = Integer(
    title="Filters",
    help="Number of patterns the layer learns; each gives one channel of the output.",
    default=16,
)
GROUPS = Integer(
    title="Groups",
    help="Splits the channels into groups that do not see each other; must divide both the input "
    "channels and the filters.",
    default=1,
    advanced=True,
)
BIAS = Boolean(
    title="Bias",
    help="Adds a learned number to each output channel; not needed right before a BatchNorm.",
    default=True,
)
PADDING_MODE = Choice(
    title="Padding mode",
    help="Values added at the edges: zeros, a mirror image, copies of the border, or the "
    "opposite side.",
    default="zeros",
    options=("zeros", "reflect", "replicate", "circular"),
    advanced=True,
)
KERNEL_HELP = "Size of the patch each filter looks at; 3 is the usual choice."


@dataclass(frozen=True, eq=False, repr=False)
class Convolution(WeightNormed):
    """Base class of layers with filters, which slide along `window_axes` axes."""

    category: ClassVar[str] = "convolution"
    window_axes: ClassVar[int] = 2

    def arguments(self, signals: Signals) -> dict[str, Any]:
        """Return torch's arguments: every setting of its own, and the number of input channels."""
        declarations: dict[str, Setting] = dict(self.declarations())
        for name in WeightNormed.declarations():
            del declarations[name]
        return {
            "in_channels": signals["input"][0].shape[0],
            **{name: getattr(self, name) for name in declarations},
        }

    def call(self, signals: Signals) -> Call:
        return Call(f"torch.nn.{self.title}", self.arguments(signals), self.weight_norm)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "maps"

    def check_input(self, signal: Signal) -> Iterator[Problem]:
        """Yield a wrong number of axes and a wrong type."""
        yield from checks.needs_maps(self.title, signal, self.window_axes)


@dataclass(frozen=True, eq=False, repr=False)
class WithOutChannels(Convolution):
    """Base class of layers with a chosen number of filters."""

    out_channels: int = setting(FILTERS)


@dataclass(frozen=True, eq=False, repr=False)
class WindowedConvolution(Convolution):
    """A convolution whose output size is the number of positions of the window."""

    kernel_size: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] | str = ()
    dilation: tuple[int, ...] = ()
    bias: bool = setting(BIAS)
    padding_mode: str = setting(PADDING_MODE)

    def window(self) -> checks.Window:
        """Return the geometry of the filter."""
        return checks.Window(self.kernel_size, self.stride, self.padding, self.dilation)

    def check_channels(self, channels: int) -> Iterator[Problem]:
        """Yield problems of the settings with this number of input channels."""
        yield from ()

    def max_channels(self, channels: int) -> int:
        """Return the largest number of channels inside the layer."""
        raise NotImplementedError

    def weight_count(self, channels: int) -> int:
        """Return the number of elements of the layer's largest weight."""
        raise NotImplementedError

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(self.check_input(signal))
        problems = problems or list(checks.same_with_stride(self.window()))
        problems = problems or list(self.check_channels(signal.shape[0]))
        if not problems:
            sizes, window = signal.shape[1:], self.window()
            problems = list(checks.padding_fits(sizes, window, self.padding_mode))
            problems += checks.kernel_fits(self.title, sizes, window)
            problems = problems or list(self._size_problems(signal))
            problems = problems or list(checks.uneven_same(window))
        yield from problems
        yield from self.check_norm()

    def _size_problems(self, signal: Signal) -> Iterator[Problem]:
        channels, sizes = signal.shape[0], self.window().output_sizes(signal.shape[1:])
        largest = max(self.weight_count(channels), self.max_channels(channels) * math.prod(sizes))
        if largest > MAX_ELEMENTS:
            yield too_large(self.title, "It", largest)


@dataclass(frozen=True, eq=False, repr=False)
class Conv(WindowedConvolution, WithOutChannels):
    """Base class of Conv1d, Conv2d and Conv3d."""

    groups: int = setting(GROUPS)

    def card_summary(self) -> str:
        return f"{self.out_channels} · {shape_text(self.kernel_size)}"

    def check_channels(self, channels: int) -> Iterator[Problem]:
        """Yield groups that leave a remainder."""
        yield from checks.groups_divide(self.title, self, channels)

    def max_channels(self, channels: int) -> int:
        """Return the number of filters."""
        return self.out_channels

    def weight_count(self, channels: int) -> int:
        """Return the numbers in all filters."""
        return self.out_channels * (channels // self.groups) * math.prod(self.kernel_size)


@dataclass(frozen=True, eq=False, repr=False)
class Conv1d(Conv):
    """`torch.nn.Conv1d`."""

    name: ClassVar[str] = "conv1d"
    title: ClassVar[str] = "Conv1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Slides small filters along a series or a sound"
    explanation: ClassVar[str] = (
        "Slides small filters along a series: a sound, a heartbeat, the prices of a year. Each "
        "filter learns one short pattern and marks wherever it occurs, like a finger moving along "
        "a line of notes in search of one tune. The same filter is used everywhere, so a pattern "
        "is found no matter when it happens."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i>[<i>t</i>] = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c,i</i></sub> <i>w<sub>k,c</sub></i>[<i>i</i>] "
        "<i>x<sub>c</sub></i>[<i>s t</i> + <i>d i</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(1)
    padding: tuple[int, ...] | str = padding_setting(1, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(1)


@dataclass(frozen=True, eq=False, repr=False)
class Conv2d(Conv):
    """`torch.nn.Conv2d`."""

    name: ClassVar[str] = "conv2d"
    title: ClassVar[str] = "Conv2d"
    summary: ClassVar[str] = "Slides small filters over an image"
    explanation: ClassVar[str] = (
        "Slides small filters over the image, as you move a magnifying glass over a map. Each "
        "filter learns one local pattern, an edge, a corner, a spot, and marks wherever it "
        "occurs; the result is one new image per filter. The same filter is used everywhere, so a "
        "pattern learned in one corner is recognised in all others."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i> = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>w<sub>k,c</sub></i> ∗ <i>x<sub>c</sub></i>"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(2)
    padding: tuple[int, ...] | str = padding_setting(2, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(2)


@dataclass(frozen=True, eq=False, repr=False)
class Conv3d(Conv):
    """`torch.nn.Conv3d`."""

    name: ClassVar[str] = "conv3d"
    title: ClassVar[str] = "Conv3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Slides small filters through a volume or a film"
    explanation: ClassVar[str] = (
        "Slides small filters through a volume: a body scan made of slices, or a film whose third "
        "axis is time. Each filter learns one small pattern in all three directions, as you feel "
        "for a stone in a cake from all sides at once, and marks wherever it occurs. It costs far "
        "more than a Conv2d: a 3×3×3 filter has 27 weights per channel instead of 9."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i> = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>w<sub>k,c</sub></i> ∗ <i>x<sub>c</sub></i>"
    )

    kernel_size: tuple[int, ...] = kernel_setting(3, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(3)
    padding: tuple[int, ...] | str = padding_setting(3, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(3)


KINDS: tuple[type[LayerKind], ...] = (Conv1d, Conv2d, Conv3d)
"""In the palette's order."""
