"""Layers that slide small filters over a series or a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.problems import Problem
from dlstudio.design.signals import Shape, Signal
from dlstudio.layers import convolution_checks as checks
from dlstudio.layers.kind import Call, Kind, Signals
from dlstudio.layers.mistakes import LARGEST, by, too_large
from dlstudio.layers.settings import Choice, Setting, Sizes, Switch, Whole, declare
from dlstudio.layers.weighted import Weighted
from dlstudio.layers.windows import (
    dilation_setting,
    kernel_setting,
    padding_setting,
    stride_setting,
)

FILTERS = Whole(
    title="Filters",
    help="How many patterns the layer learns; each gives one channel of the output.",
    default=16,
)
GROUPS = Whole(
    title="Groups",
    help="Splits the channels into groups that do not see each other; must divide both the "
    "input's channels and the filters.",
    default=1,
    advanced=True,
)
BIAS = Switch(
    title="Bias",
    help="Adds a learnt number to each output channel; not needed right before a BatchNorm.",
    default=True,
)
PADDING_MODE = Choice(
    title="Padding mode",
    help="What is added at the edges: zeros, a mirror image, copies of the border, or the "
    "opposite side.",
    default="zeros",
    options=("zeros", "reflect", "replicate", "circular"),
    advanced=True,
)
KERNEL_HELP = "How large a patch each filter looks at; 3 is the usual choice."


@dataclass(frozen=True)
class Convolution(Weighted):
    """What the layers with sliding filters share; `window_axes` of them the filter slides along."""

    category: ClassVar[str] = "convolution"
    window_axes: ClassVar[int] = 2

    out_channels: int = declare(FILTERS)

    def arguments(self, signals: Signals) -> dict[str, Any]:
        """Return torch's arguments: every setting of its own, and the channels wired in."""
        own: dict[str, Setting] = dict(self.declarations())
        for name in Weighted.declarations():
            del own[name]
        return {
            "in_channels": signals["input"][0].shape[0],
            **{name: getattr(self, name) for name in own},
        }

    def meaning(self, signals: Signals, shape: Shape) -> str:
        """Return maps: one answer of each filter at each place."""
        return "maps"

    def check_input(self, signal: Signal) -> Iterator[Problem]:
        """Yield a wrong number of axes and a wrong type."""
        yield from checks.needs_maps(self.title, signal, self.window_axes)


@dataclass(frozen=True)
class Sliding(Convolution):
    """What Conv1d and Conv2d share: the output is as large as the filter has places to stand."""

    kernel_size: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] | str = ()
    dilation: tuple[int, ...] = ()
    groups: int = declare(GROUPS)
    bias: bool = declare(BIAS)
    padding_mode: str = declare(PADDING_MODE)

    def telling(self) -> str:
        """Return filters and kernel size."""
        return f"{self.out_channels} · {by(self.kernel_size)}"

    def window(self) -> checks.Window:
        """Return the filter's geometry."""
        return checks.Window(self.kernel_size, self.stride, self.padding, self.dilation)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield wrong inputs, then settings that do not go together, then sizes that do not fit."""
        (signal,) = signals["input"]
        problems = list(self.check_input(signal))
        problems = problems or list(checks.same_with_stride(self.window()))
        problems = problems or list(checks.groups_divide(self.title, self, signal.shape[0]))
        if not problems:
            sizes, window = signal.shape[1:], self.window()
            problems = list(checks.padding_fits(sizes, window, self.padding_mode))
            problems += checks.kernel_fits(self.title, sizes, window)
            problems = problems or list(self._amounts(signal))
            problems = problems or list(checks.uneven_same(window))
        yield from problems

    def _amounts(self, signal: Signal) -> Iterator[Problem]:
        weights = self.out_channels * (signal.shape[0] // self.groups)
        outputs = self.out_channels
        for kernel, size in zip(
            self.kernel_size, self.window().sizes(signal.shape[1:]), strict=True
        ):
            weights *= kernel
            outputs *= size
        if max(weights, outputs) > LARGEST:
            yield too_large(self.title, "It", max(weights, outputs))


@dataclass(frozen=True)
class Conv1d(Sliding):
    """Filters along a series."""

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

    def call(self, signals: Signals) -> Call:
        """Return torch's Conv1d."""
        return Call("torch.nn.Conv1d", self.arguments(signals))


@dataclass(frozen=True)
class Conv2d(Sliding):
    """Filters over a picture."""

    name: ClassVar[str] = "conv2d"
    title: ClassVar[str] = "Conv2d"
    summary: ClassVar[str] = "Slides small filters over a picture"
    explanation: ClassVar[str] = (
        "Slides small filters over the picture, as one moves a magnifying glass over a map. Each "
        "filter learns one local pattern, an edge, a corner, a spot, and marks wherever it occurs; "
        "the result is one new picture per filter. The same filter is used everywhere, so a "
        "pattern learnt in one corner is recognised in all others."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i> = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>w<sub>k,c</sub></i> ∗ <i>x<sub>c</sub></i>"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, KERNEL_HELP)
    stride: tuple[int, ...] = stride_setting(2)
    padding: tuple[int, ...] | str = padding_setting(2, ("same", "valid"))
    dilation: tuple[int, ...] = dilation_setting(2)

    def call(self, signals: Signals) -> Call:
        """Return torch's Conv2d."""
        return Call("torch.nn.Conv2d", self.arguments(signals))


@dataclass(frozen=True)
class ConvTranspose2d(Convolution):
    """Filters that paint a larger picture."""

    name: ClassVar[str] = "conv_transpose2d"
    title: ClassVar[str] = "ConvTranspose2d"
    summary: ClassVar[str] = "Paints a larger picture with small learnt stamps"
    explanation: ClassVar[str] = (
        "The way back from a small map to a larger picture. Every input value stamps a small "
        "learnt pattern onto the output, darker or lighter according to the value, and overlapping "
        "stamps add up. With a stride of 2 the stamps are set two places apart, which doubles "
        "the size. Decoders and generators draw with it."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i>[<i>s i</i> + <i>d u</i> − <i>p</i>] = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>x<sub>c</sub></i>[<i>i</i>] <i>w<sub>c,k</sub></i>[<i>u</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, "How large the stamp of each value is.")
    stride: tuple[int, ...] = declare(
        Sizes(
            title="Stride",
            help="How far apart neighbouring values set their stamps; 2 doubles the size.",
            default=(1, 1),
            count=2,
        )
    )
    padding: tuple[int, ...] = declare(
        Sizes(
            title="Padding",
            help="How many places are cut off on each side of the output.",
            default=(0, 0),
            count=2,
            minimum=0,
        )
    )
    output_padding: tuple[int, ...] = declare(
        Sizes(
            title="Output padding",
            help="Places added to the output at the bottom and right, to reach an even size.",
            default=(0, 0),
            count=2,
            minimum=0,
            advanced=True,
        )
    )
    dilation: tuple[int, ...] = dilation_setting(2)
    groups: int = declare(GROUPS)
    bias: bool = declare(BIAS)

    def telling(self) -> str:
        """Return filters and kernel size."""
        return f"{self.out_channels} · {by(self.kernel_size)}"

    def sizes(self, sizes: Shape) -> Shape:
        """Return the output's height and width."""
        return tuple(
            (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1
            for size, kernel, stride, padding, dilation, more in zip(
                sizes,
                self.kernel_size,
                self.stride,
                self.padding,
                self.dilation,
                self.output_padding,
                strict=True,
            )
        )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield wrong inputs, then settings that do not go together, then empty outputs."""
        (signal,) = signals["input"]
        problems = list(self.check_input(signal))
        problems = problems or list(checks.groups_divide(self.title, self, signal.shape[0]))
        if not problems:
            problems = list(
                checks.output_padding_fits(self.output_padding, self.stride, self.dilation)
            )
            sizes = self.sizes(signal.shape[1:])
            problems += checks.output_remains(signal, sizes, self.padding)
            problems = problems or list(self._amounts(signal, sizes))
        yield from problems

    def _amounts(self, signal: Signal, sizes: Shape) -> Iterator[Problem]:
        outputs = self.out_channels * sizes[0] * sizes[1]
        kernel = self.kernel_size[0] * self.kernel_size[1]
        weights = signal.shape[0] * (self.out_channels // self.groups) * kernel
        if max(weights, outputs) > LARGEST:
            yield too_large(self.title, "It", max(weights, outputs))

    def call(self, signals: Signals) -> Call:
        """Return torch's ConvTranspose2d."""
        return Call("torch.nn.ConvTranspose2d", self.arguments(signals))


KINDS: tuple[type[Kind], ...] = (Conv1d, Conv2d, ConvTranspose2d)
"""In the palette's order."""
