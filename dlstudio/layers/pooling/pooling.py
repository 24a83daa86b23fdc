"""Max and average pooling with a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import shape_text
from dlstudio.layers.framework.settings import Boolean, Integer, setting
from dlstudio.layers.framework.sliding_window import (
    dilation_setting,
    kernel_setting,
    padding_setting,
    stride_setting,
)
from dlstudio.layers.pooling import pooling_checks as checks

KERNEL_HELP = "Size of the patch that becomes one number; 2 halves the size."
CEIL_MODE = Boolean(
    title="Count partial windows",
    help="Keeps a last window that extends beyond the edge, instead of dropping the remainder.",
    default=False,
    advanced=True,
)
DIVISOR = Integer(
    title="Divide by",
    help="Divides each sum by this number instead of the patch's size.",
    default=None,
    optional=True,
    advanced=True,
)


@dataclass(frozen=True, eq=False, repr=False)
class PoolingLayer(LayerKind):
    """Base class of layers with a pooling window.

    `may_overhang` says whether a window may be larger than the input.
    """

    category: ClassVar[str] = "pooling"
    window_axes: ClassVar[int] = 2
    may_overhang: ClassVar[bool] = True
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)

    kernel_size: tuple[int, ...] = ()
    stride: tuple[int, ...] | None = None
    ceil_mode: bool = setting(CEIL_MODE)

    def card_summary(self) -> str:
        return shape_text(self.kernel_size)

    def window(self) -> checks.PoolWindow:
        """Return the window's geometry."""
        axes = self.window_axes
        stride = self.stride or self.kernel_size
        return checks.PoolWindow(self.kernel_size, stride, (0,) * axes, (1,) * axes, self.ceil_mode)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(checks.needs_grid(self.title, signal, self.window_axes, self.dtypes))
        problems = problems or list(checks.padding_fits(self.title, self.window()))
        if not problems:
            sizes = signal.shape[-self.window_axes :]
            window, must_fit = self.window(), not self.may_overhang
            problems = list(checks.window_fits(self.title, sizes, window, must_fit=must_fit))
        yield from problems

    def call(self, signals: Signals) -> Call:
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True, eq=False, repr=False)
class PaddedPool(PoolingLayer):
    """Base class of layers whose window may extend beyond the edges."""

    padding: tuple[int, ...] = ()

    def window(self) -> checks.PoolWindow:
        """Return the window's geometry."""
        return replace(super().window(), padding=self.padding)


@dataclass(frozen=True, eq=False, repr=False)
class MaxPool(PaddedPool):
    """Base class of the max pooling layers."""

    dilation: tuple[int, ...] = ()

    def window(self) -> checks.PoolWindow:
        """Return the window's geometry."""
        return replace(super().window(), dilation=self.dilation)


@dataclass(frozen=True, eq=False, repr=False)
class MaxPool1d(MaxPool):
    """`torch.nn.MaxPool1d`."""

    name: ClassVar[str] = "max_pool1d"
    title: ClassVar[str] = "MaxPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Keeps the largest value of each span"
    explanation: ClassVar[str] = (
        "Cuts the series into short spans and keeps only the largest value of each, as you "
        "remember only the loudest moment of every minute. The series becomes shorter, and it "
        "matters less at which exact moment a pattern occurred."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>t</i>] = max<sub><i>i</i></sub> <i>x</i>[<i>s t</i> + <i>d i</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(1, None)
    padding: tuple[int, ...] = padding_setting(1)
    dilation: tuple[int, ...] = dilation_setting(1)


@dataclass(frozen=True, eq=False, repr=False)
class MaxPool2d(MaxPool):
    """`torch.nn.MaxPool2d`."""

    name: ClassVar[str] = "max_pool2d"
    title: ClassVar[str] = "MaxPool2d"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "Keeps the largest value of each patch"
    explanation: ClassVar[str] = (
        "Divides each channel into small patches and keeps only the largest value of each, as a "
        "newspaper keeps only the biggest story of every district. The image becomes smaller, "
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


@dataclass(frozen=True, eq=False, repr=False)
class MaxPool3d(MaxPool):
    """`torch.nn.MaxPool3d`."""

    name: ClassVar[str] = "max_pool3d"
    title: ClassVar[str] = "MaxPool3d"
    window_axes: ClassVar[int] = 3
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "Keeps the largest value of each block"
    explanation: ClassVar[str] = (
        "Divides each channel of a volume or a film into small blocks and keeps only the largest "
        "value of each, as you remember only the loudest moment of every hour and every street. "
        "With 2×2×2 an eighth of the numbers is left."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i</i>] = max<sub><i>u</i></sub> <i>x</i>[<i>s i</i> + <i>d u</i> − <i>p</i>], "
        "<i>i</i> = (<i>i</i><sub>1</sub>, <i>i</i><sub>2</sub>, <i>i</i><sub>3</sub>)"
    )

    kernel_size: tuple[int, ...] = kernel_setting(3, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(3, None)
    padding: tuple[int, ...] = padding_setting(3)
    dilation: tuple[int, ...] = dilation_setting(3)


@dataclass(frozen=True, eq=False, repr=False)
class AvgPool(PaddedPool):
    """Base class of the average pooling layers."""

    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64")

    count_include_pad: bool = setting(
        Boolean(
            title="Count the padding",
            help="Whether the mean includes the zeros added at the edges.",
            default=True,
            advanced=True,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class AvgPool1d(AvgPool):
    """`torch.nn.AvgPool1d`."""

    name: ClassVar[str] = "avg_pool1d"
    title: ClassVar[str] = "AvgPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Replaces each span by its mean"
    explanation: ClassVar[str] = (
        "Cuts the series into short spans and replaces every span by its mean, as a weather "
        "report gives one mean temperature for each day. The series becomes shorter and smoother; "
        "unlike max pooling, every value has its say."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>t</i>] = 1⁄<i>k</i> Σ<sub><i>i</i></sub> "
        "<i>x</i>[<i>s t</i> + <i>i</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(1, None)
    padding: tuple[int, ...] = padding_setting(1)


@dataclass(frozen=True, eq=False, repr=False)
class AvgPool2d(AvgPool):
    """`torch.nn.AvgPool2d`."""

    name: ClassVar[str] = "avg_pool2d"
    title: ClassVar[str] = "AvgPool2d"
    summary: ClassVar[str] = "Replaces each patch by its mean"
    explanation: ClassVar[str] = (
        "Divides each channel into small patches and replaces every patch by its mean, as an "
        "image looks from farther away. It becomes smaller and smoother; unlike max pooling, "
        "every value has its say."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = 1⁄<i>k</i>² Σ<sub><i>u, v</i></sub> "
        "<i>x</i>[<i>s i</i> + <i>u</i> − <i>p</i>, <i>s j</i> + <i>v</i> − <i>p</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(2, None)
    padding: tuple[int, ...] = padding_setting(2)
    divisor_override: int | None = setting(DIVISOR)


@dataclass(frozen=True, eq=False, repr=False)
class AvgPool3d(AvgPool):
    """`torch.nn.AvgPool3d`."""

    name: ClassVar[str] = "avg_pool3d"
    title: ClassVar[str] = "AvgPool3d"
    window_axes: ClassVar[int] = 3
    may_overhang: ClassVar[bool] = False
    summary: ClassVar[str] = "Replaces each block by its mean"
    explanation: ClassVar[str] = (
        "Divides each channel of a volume or a film into small blocks and replaces every block by "
        "its mean, as a coarse body scan shows what a fine one saw, only blurred. With 2×2×2 an "
        "eighth of the numbers is left; unlike max pooling, every value has its say."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i</i>] = 1⁄<i>k</i>³ Σ<sub><i>u</i></sub> "
        "<i>x</i>[<i>s i</i> + <i>u</i> − <i>p</i>], "
        "<i>i</i> = (<i>i</i><sub>1</sub>, <i>i</i><sub>2</sub>, <i>i</i><sub>3</sub>)"
    )

    kernel_size: tuple[int, ...] = kernel_setting(3, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(3, None)
    padding: tuple[int, ...] = padding_setting(3)
    divisor_override: int | None = setting(DIVISOR)


KINDS: tuple[type[LayerKind], ...] = (
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
)
"""In the palette's order."""
