"""Transposed convolutions, which enlarge a series, an image or a volume."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.convolution import convolution_checks as checks
from dlstudio.layers.convolution.convolution import BIAS, GROUPS, WithOutChannels
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS, shape_text, too_large
from dlstudio.layers.framework.settings import IntegerList, setting
from dlstudio.layers.framework.sliding_window import dilation_setting, kernel_setting

KERNEL_HELP = "Size of the pattern that each value adds to the output."


def _stride_setting(count: int) -> Any:
    return setting(
        IntegerList(
            title="Stride",
            help="Distance between the patterns of neighbouring values; 2 doubles the size.",
            default=(1,) * count,
            count=count,
        )
    )


def _padding_setting(count: int) -> Any:
    return setting(
        IntegerList(
            title="Padding",
            help="Positions removed on each side of the output.",
            default=(0,) * count,
            count=count,
            minimum=0,
        )
    )


def _output_padding_setting(count: int) -> Any:
    return setting(
        IntegerList(
            title="Output padding",
            help="Positions added to the output at the end of each axis, to reach an even size.",
            default=(0,) * count,
            count=count,
            minimum=0,
            advanced=True,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class TransposedConvolution(WithOutChannels):
    """Base class of the transposed convolutions."""

    kernel_size: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    output_padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    groups: int = setting(GROUPS)
    bias: bool = setting(BIAS)

    def card_summary(self) -> str:
        return f"{self.out_channels} · {shape_text(self.kernel_size)}"

    def output_sizes(self, sizes: Shape) -> Shape:
        """Return the output's sizes."""
        return tuple(
            (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1
            for size, kernel, stride, padding, dilation, output_padding in zip(
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
        (signal,) = signals["input"]
        problems = list(self.check_input(signal))
        problems = problems or list(checks.groups_divide(self.title, self, signal.shape[0]))
        if not problems:
            problems = list(
                checks.output_padding_fits(self.output_padding, self.stride, self.dilation)
            )
            sizes = self.output_sizes(signal.shape[1:])
            problems += checks.output_remains(signal, sizes, self.padding)
            problems = problems or list(self._size_problems(signal, sizes))
        yield from problems
        yield from self.check_norm()

    def _size_problems(self, signal: Signal, sizes: Shape) -> Iterator[Problem]:
        outputs = self.out_channels * math.prod(sizes)
        weights = signal.shape[0] * (self.out_channels // self.groups)
        largest = max(outputs, weights * math.prod(self.kernel_size))
        if largest > MAX_ELEMENTS:
            yield too_large(self.title, "It", largest)


@dataclass(frozen=True, eq=False, repr=False)
class ConvTranspose1d(TransposedConvolution):
    """`torch.nn.ConvTranspose1d`."""

    name: ClassVar[str] = "conv_transpose1d"
    title: ClassVar[str] = "ConvTranspose1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Enlarges a series with small learned patterns"
    explanation: ClassVar[str] = (
        "Turns a short series into a longer one. Every input value plays a small learned tune, "
        "louder or softer according to the value, and overlapping tunes add up, as a music box "
        "turns single pins into sound. With a stride of 2 they start two positions apart, which "
        "doubles the length. Decoders of sound use it."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i>[<i>s t</i> + <i>d i</i> − <i>p</i>] = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>x<sub>c</sub></i>[<i>t</i>] <i>w<sub>c,k</sub></i>[<i>i</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 3, KERNEL_HELP)
    stride: tuple[int, ...] = _stride_setting(1)
    padding: tuple[int, ...] = _padding_setting(1)
    output_padding: tuple[int, ...] = _output_padding_setting(1)
    dilation: tuple[int, ...] = dilation_setting(1)


@dataclass(frozen=True, eq=False, repr=False)
class ConvTranspose2d(TransposedConvolution):
    """`torch.nn.ConvTranspose2d`."""

    name: ClassVar[str] = "conv_transpose2d"
    title: ClassVar[str] = "ConvTranspose2d"
    summary: ClassVar[str] = "Enlarges an image with small learned patterns"
    explanation: ClassVar[str] = (
        "Turns a small map into a larger image. Every input value stamps a small learned pattern "
        "onto the output, darker or lighter according to the value, and overlapping stamps add "
        "up. With a stride of 2 the stamps are two positions apart, which doubles the size. "
        "Decoders and generators use it."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i>[<i>s i</i> + <i>d u</i> − <i>p</i>] = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>x<sub>c</sub></i>[<i>i</i>] <i>w<sub>c,k</sub></i>[<i>u</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 3, KERNEL_HELP)
    stride: tuple[int, ...] = _stride_setting(2)
    padding: tuple[int, ...] = _padding_setting(2)
    output_padding: tuple[int, ...] = _output_padding_setting(2)
    dilation: tuple[int, ...] = dilation_setting(2)


@dataclass(frozen=True, eq=False, repr=False)
class ConvTranspose3d(TransposedConvolution):
    """`torch.nn.ConvTranspose3d`."""

    name: ClassVar[str] = "conv_transpose3d"
    title: ClassVar[str] = "ConvTranspose3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Enlarges a volume with small learned patterns"
    explanation: ClassVar[str] = (
        "Turns a small volume into a larger one, for body scans and films. Every input value sets "
        "down a small learned block, stronger or weaker according to the value, and overlapping "
        "blocks add up, as you build a wall from a few kinds of bricks. With a stride of 2 the "
        "volume doubles along every axis."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i>[<i>s i</i> + <i>d u</i> − <i>p</i>] = <i>b<sub>k</sub></i> + "
        "Σ<sub><i>c</i></sub> <i>x<sub>c</sub></i>[<i>i</i>] <i>w<sub>c,k</sub></i>[<i>u</i>]"
    )

    kernel_size: tuple[int, ...] = kernel_setting(3, 3, KERNEL_HELP)
    stride: tuple[int, ...] = _stride_setting(3)
    padding: tuple[int, ...] = _padding_setting(3)
    output_padding: tuple[int, ...] = _output_padding_setting(3)
    dilation: tuple[int, ...] = dilation_setting(3)


KINDS: tuple[type[LayerKind], ...] = (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)
"""In the palette's order."""
