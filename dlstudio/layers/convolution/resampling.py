"""Layers that make images larger or smaller without weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import axes_differ, indivisible, short_enough
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    insert,
    layer_error,
    shape_text,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, IntegerList, Real, setting
from dlstudio.layers.framework.sliding_window import reshape_repair

_MODES: Mapping[str, tuple[int, ...]] = {
    "nearest": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "bicubic": (2,),
    "trilinear": (3,),
    "nearest-exact": (1, 2, 3),
}
"""The numbers of axes after the channels for which each mode is available."""
_ON_BYTES = ("nearest", "nearest-exact", "bilinear", "bicubic")
_ALIGNABLE = ("linear", "bilinear", "bicubic", "trilinear")


@dataclass(frozen=True, eq=False, repr=False)
class Upsample(LayerKind):
    """`torch.nn.Upsample`."""

    name: ClassVar[str] = "upsample"
    title: ClassVar[str] = "Upsample"
    category: ClassVar[str] = "merge"
    summary: ClassVar[str] = "Enlarges a series, image or volume"
    explanation: ClassVar[str] = (
        "Enlarges the input, as you zoom into a photo. The mode nearest repeats each value, which "
        "gives blocks; linear and its relatives fill in smooth steps between neighbours. Nothing "
        "is learned here: a convolution after it can make the image sharp again. Networks that "
        "generate images or label pixels use it to return to full size."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>i</i>] = <i>x</i> at <i>i</i> ⁄ <i>s</i>"

    scale_factor: float = setting(
        Real(
            title="Scale factor",
            help="Factor by which every axis after the channels grows; below 1 it shrinks.",
            default=2.0,
            minimum=0.01,
            maximum=1000.0,
        )
    )
    mode: str = setting(
        Choice(
            title="Mode",
            help="Method of interpolation: nearest repeats; linear is for series, "
            "bilinear and bicubic for images, trilinear for volumes.",
            default="nearest",
            options=tuple(_MODES),
        )
    )
    size: tuple[int, ...] | None = setting(
        IntegerList(
            title="Output size",
            help="Sizes of the result after the channels, instead of the scale factor; left "
            "empty, the scale factor decides.",
            default=None,
            optional=True,
            advanced=True,
        )
    )
    align_corners: bool = setting(
        Boolean(
            title="Align corners",
            help="Keeps the outermost values exactly at the edges; only for the linear modes and "
            "bicubic.",
            default=False,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        scale = f"×{self.scale_factor:.3g}" if self.size is None else shape_text(self.size)
        return scale if len(scale) + len(self.mode) > 21 else f"{scale} · {self.mode}"

    def output_sizes(self, sizes: Shape) -> Shape:
        """Return the output's sizes."""
        return self.size or tuple(math.floor(size * self.scale_factor) for size in sizes)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(self._input_problems(signal))
        if not problems:
            sizes = signal.shape[1:]
            problems = [*self._mode_problems(signal), *self._size_problems(sizes)]
        if not problems:
            count = signal.shape[0] * math.prod(self.output_sizes(sizes))
            problems = [too_large("Upsample", "Its output", count)] if count > MAX_ELEMENTS else []
        yield from problems

    def _input_problems(self, signal: Signal) -> Iterator[Problem]:
        if not 2 <= len(signal.shape) <= 4:
            yield layer_error(
                "wrong-rank",
                f"Upsample cannot take {signal.text()}",
                "Upsample enlarges one to three axes after the channels: a series, an image or a "
                f"volume. {signal.text()} has {len(signal.shape)} in all. Remove it, or insert a "
                "Reshape.",
                (REMOVE, reshape_repair(signal.shape, 3 if len(signal.shape) > 4 else 1)),
                short=axes_differ(len(signal.shape), "2…4"),
            )
        elif signal.dtype != "float32" and (signal.dtype != "uint8" or self.mode not in _ON_BYTES):
            yield wrong_dtype(
                "Upsample",
                signal,
                "real numbers (float32)",
                "Choose a normalisation in the data settings, or remove the layer.",
                (REMOVE,),
            )

    def _mode_problems(self, signal: Signal) -> Iterator[Problem]:
        axes = len(signal.shape) - 1
        if axes in _MODES[self.mode]:
            return
        fitting = [mode for mode, counts in _MODES.items() if axes in counts]
        default_mode = fitting[1] if signal.dtype == "float32" else fitting[0]
        yield layer_error(
            "wrong-mode",
            f"The mode {self.mode} does not suit {signal.text()}",
            f"{signal.text()} has {axes} {'axis' if axes == 1 else 'axes'} after its channels, and "
            f"{self.mode} works on {_MODES[self.mode][0]}. Suitable here: {', '.join(fitting)}.",
            (change(f"Set the mode to {default_mode}", mode=default_mode),),
            short=short_enough(f"{self.mode} ≠ {axes}-D", "wrong mode"),
        )

    def _size_problems(self, sizes: Shape) -> Iterator[Problem]:
        if self.size is not None and len(self.size) != len(sizes):
            doubled = tuple(2 * size for size in sizes)
            yield layer_error(
                "size-mismatch",
                f"The output size needs {len(sizes)} numbers",
                f"The input has {shape_text(sizes)} after the channels, so the output size must "
                f"have {len(sizes)} numbers, not {len(self.size)}. Give them all, or leave it "
                "empty.",
                (
                    change("Use the scale factor", size=None),
                    change(f"Set the output size to {shape_text(doubled)}", size=doubled),
                ),
                short=f"{len(self.size)} ≠ {len(sizes)} sizes",
            )
        elif min(self.output_sizes(sizes)) < 1:
            yield layer_error(
                "nothing-left",
                f"Nothing is left of {shape_text(sizes)}",
                f"A scale factor of {self.scale_factor:g} makes {shape_text(sizes)} smaller than "
                "one position. Choose a larger scale factor, or reduce the size less in earlier "
                "layers.",
                (change("Set the scale factor to 1", scale_factor=1.0), REMOVE),
                short="nothing left",
            )

    def call(self, signals: Signals) -> Call:
        arguments = {
            "size": self.size,
            "scale_factor": self.scale_factor if self.size is None else None,
            "mode": self.mode,
            "align_corners": self.align_corners if self.mode in _ALIGNABLE else None,
        }
        return Call("torch.nn.Upsample", arguments)


@dataclass(frozen=True, eq=False, repr=False)
class PixelRearrangement(LayerKind):
    """Base class of layers that exchange channels for positions."""

    category: ClassVar[str] = "merge"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) < 3:
            yield layer_error(
                "wrong-rank",
                f"{self.title} cannot take {signal.text()}",
                f"{self.title} exchanges channels for positions in height and width, 3 axes, but "
                f"{signal.text()} has {len(signal.shape)}. Remove it, or insert a Reshape.",
                (REMOVE, reshape_repair(signal.shape, 2)),
                short=axes_differ(len(signal.shape), 3),
            )
        else:
            yield from self.check_sizes(signal)

    def check_sizes(self, signal: Signal) -> Iterator[Problem]:
        """Yield problems of sizes that are not multiples of the factor."""
        raise NotImplementedError

    def call(self, signals: Signals) -> Call:
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True, eq=False, repr=False)
class PixelShuffle(PixelRearrangement):
    """`torch.nn.PixelShuffle`."""

    name: ClassVar[str] = "pixel_shuffle"
    title: ClassVar[str] = "PixelShuffle"
    summary: ClassVar[str] = "Makes a larger image out of its channels"
    explanation: ClassVar[str] = (
        "Takes four channels of a small image and arranges them as one image of twice the height "
        "and width, each giving every fourth pixel, as four transparencies with gaps complete "
        "each other. Nothing is computed. Networks that sharpen photos let a convolution learn "
        "the channels and end with it."
    )
    formula: ClassVar[str] = (
        "(<i>C r</i>², <i>H</i>, <i>W</i>) → (<i>C</i>, <i>r H</i>, <i>r W</i>)"
    )

    upscale_factor: int = setting(
        Integer(
            title="Factor",
            help="Factor by which height and width grow; the channels must be a multiple "
            "of its square.",
            default=2,
        )
    )

    def card_summary(self) -> str:
        return f"×{self.upscale_factor}"

    def check_sizes(self, signal: Signal) -> Iterator[Problem]:
        """Yield channels that are not a multiple of the factor's square."""
        channels, square = signal.shape[-3], self.upscale_factor**2
        if channels % square == 0:
            return
        fitting = next(f for f in range(math.isqrt(channels), 0, -1) if channels % f**2 == 0)
        repairs: list[Repair] = [change(f"Set the factor to {fitting}", upscale_factor=fitting)]
        rounded = -(-channels // square) * square
        if (
            len(signal.shape) == 3
            and signal.dtype == "float32"
            and rounded * channels <= MAX_ELEMENTS
        ):
            convolution = {"out_channels": rounded, "kernel_size": (1, 1)}
            title = f"Insert 1×1 Conv2d ({channels} → {rounded})"
            repairs.insert(0, insert(title, "conv2d", convolution))
        yield layer_error(
            "channels-divide",
            f"{channels} channels are not a multiple of {square}",
            f"PixelShuffle makes one channel out of {square}, the square of its factor, but the "
            f"input has {channels}. Make the channels a multiple of it, or choose another factor.",
            repairs,
            short=indivisible(channels, square),
        )


@dataclass(frozen=True, eq=False, repr=False)
class PixelUnshuffle(PixelRearrangement):
    """`torch.nn.PixelUnshuffle`."""

    name: ClassVar[str] = "pixel_unshuffle"
    title: ClassVar[str] = "PixelUnshuffle"
    summary: ClassVar[str] = "Makes a smaller image with more channels"
    explanation: ClassVar[str] = (
        "Deals the pixels of an image out to four smaller ones in turn, as you deal cards, and "
        "stacks these as channels. Height and width are halved and nothing is lost, unlike with "
        "pooling. It is the inverse of PixelShuffle."
    )
    formula: ClassVar[str] = (
        "(<i>C</i>, <i>r H</i>, <i>r W</i>) → (<i>C r</i>², <i>H</i>, <i>W</i>)"
    )

    downscale_factor: int = setting(
        Integer(
            title="Factor",
            help="Factor by which height and width shrink; both must be multiples of it.",
            default=2,
        )
    )

    def card_summary(self) -> str:
        return f"÷{self.downscale_factor}"

    def check_sizes(self, signal: Signal) -> Iterator[Problem]:
        """Yield sides that are not a multiple of the factor."""
        sides, factor = signal.shape[-2:], self.downscale_factor
        common = math.gcd(*sides)
        if common % factor == 0:
            return
        fitting = max(f for f in range(1, min(factor, common) + 1) if common % f == 0)
        yield layer_error(
            "sides-divide",
            f"{factor} does not divide {shape_text(sides)}",
            f"PixelUnshuffle deals every {factor} rows and columns out in turn, but "
            f"{shape_text(sides)} leaves a remainder. Choose a factor that divides both, or pad "
            "the image before.",
            (change(f"Set the factor to {fitting}", downscale_factor=fitting),),
            short=indivisible(next(side for side in sides if side % factor), factor),
        )


KINDS: tuple[type[LayerKind], ...] = (Upsample, PixelShuffle, PixelUnshuffle)
"""In the palette's order."""
