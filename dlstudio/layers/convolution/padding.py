"""Layers that pad or crop the edges."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import axes_differ, exceeds
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    layer_error,
    shape_text,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.settings import IntegerList, setting
from dlstudio.layers.framework.sliding_window import AXES, reshape_repair

OWN = "dlstudio.network.modules.crops."
_SIDES = {
    1: "left, right",
    2: "left, right, top, bottom",
    3: "left, right, top, bottom, front, back",
}
"""In torch's order: the last axis first."""


def _padding(axes: int) -> Any:
    return setting(
        IntegerList(
            title="Padding",
            help=f"Positions added on each side, in the order {_SIDES[axes]}.",
            default=(1,) * (2 * axes),
            count=2 * axes,
            minimum=0,
        )
    )


def _needs_axes(title: str, verb: str, signal: Signal, axes: int) -> Problem:
    return layer_error(
        "wrong-rank",
        f"{title} cannot take {signal.text()}",
        f"{title} {verb} the edges of {AXES[axes]}, but {signal.text()} has {len(signal.shape)} "
        f"{'axis' if len(signal.shape) == 1 else 'axes'}. Remove it, insert a Reshape, or wire it "
        "to a layer that still has them.",
        (REMOVE, reshape_repair(signal.shape, axes)),
        short=axes_differ(len(signal.shape), axes + 1),
    )


@dataclass(frozen=True, eq=False, repr=False)
class Pad(LayerKind):
    """Base class of the padding layers, which pad the last `window_axes` axes."""

    category: ClassVar[str] = "merge"
    window_axes: ClassVar[int] = 2

    padding: tuple[int, ...] = ()

    def card_summary(self) -> str:
        return str(self.padding[0]) if len(set(self.padding)) == 1 else self._sides()

    def _sides(self) -> str:
        sides = " ".join(map(str, self.padding))
        return sides if len(sides) <= 24 else f"{sides[:23]}…"

    def axis_padding(self) -> tuple[tuple[int, int], ...]:
        """Return the positions added before and after each axis, in the order of the axes."""
        return tuple(zip(self.padding[::2], self.padding[1::2], strict=True))[::-1]

    def call(self, signals: Signals) -> Call:
        return Call(f"torch.nn.{self.title}", {"padding": self.padding})


@dataclass(frozen=True, eq=False, repr=False)
class ZeroPad(Pad):
    """Base class of the layers that pad with zeros."""

    formula: ClassVar[str] = "<i>y</i> = [0 … 0 <i>x</i> 0 … 0] along each padded axis"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) < self.window_axes:
            yield _needs_axes(self.title, "adds zeros around", signal, self.window_axes)
            return
        count = math.prod(signal.shape[: -self.window_axes]) * math.prod(
            size + sum(pair)
            for size, pair in zip(
                signal.shape[-self.window_axes :], self.axis_padding(), strict=True
            )
        )
        if count > MAX_ELEMENTS:
            yield too_large(self.title, "Its output", count)


@dataclass(frozen=True, eq=False, repr=False)
class ZeroPad1d(ZeroPad):
    """`torch.nn.ZeroPad1d`."""

    name: ClassVar[str] = "zero_pad1d"
    title: ClassVar[str] = "ZeroPad1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Adds zeros before and after a series"
    explanation: ClassVar[str] = (
        "Puts zeros before and after the series, as a recording gets a second of silence at each "
        "end. The series becomes longer, and a convolution after it can look at the first and the "
        "last value from all sides. With zeros only before it, no output can see the future."
    )

    padding: tuple[int, ...] = _padding(1)


@dataclass(frozen=True, eq=False, repr=False)
class ZeroPad2d(ZeroPad):
    """`torch.nn.ZeroPad2d`."""

    name: ClassVar[str] = "zero_pad2d"
    title: ClassVar[str] = "ZeroPad2d"
    summary: ClassVar[str] = "Adds a frame of zeros around an image"
    explanation: ClassVar[str] = (
        "Puts a frame of zeros around each channel, like a black mount around a photo; every side "
        "may have its own width. It gives images the size that a later layer needs. A Conv2d can "
        "do the same with its own padding, but only equally on opposite sides."
    )

    padding: tuple[int, ...] = _padding(2)


@dataclass(frozen=True, eq=False, repr=False)
class ZeroPad3d(ZeroPad):
    """`torch.nn.ZeroPad3d`."""

    name: ClassVar[str] = "zero_pad3d"
    title: ClassVar[str] = "ZeroPad3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Adds zeros around a volume"
    explanation: ClassVar[str] = (
        "Packs each channel of a volume or a film into zeros on all six sides, as a fragile thing "
        "is packed into a larger box; every side may have its own width. It gives volumes the "
        "size that a later layer needs."
    )

    padding: tuple[int, ...] = _padding(3)


@dataclass(frozen=True, eq=False, repr=False)
class ReflectionPad(Pad):
    """Base class of the layers that pad with a mirror image."""

    formula: ClassVar[str] = "<i>y</i>[−<i>i</i>] = <i>x</i>[<i>i</i>] beyond each edge"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        axes = self.window_axes
        if len(signal.shape) not in (axes, axes + 1):
            yield _needs_axes(self.title, "mirrors", signal, axes)
        elif signal.dtype == "bool":
            advice = "Remove the layer, or wire it to one with real outputs."
            yield wrong_dtype(self.title, signal, "numbers", advice, (REMOVE,))
        else:
            yield from self._check_depth(signal.shape[-axes:])

    def _check_depth(self, sizes: Shape) -> Iterator[Problem]:
        pairs = list(zip(self.axis_padding(), sizes, strict=True))
        if all(max(pair) < size for pair, size in pairs):
            return
        fitting = tuple(min(pad, size - 1) for pair, size in reversed(pairs) for pad in pair)
        yield layer_error(
            "padding-too-large",
            f"{shape_text(sizes)} is too small for reflection padding",
            f"{self.title} pads with a mirror image of the input, without its edge: at most "
            f"{shape_text(size - 1 for size in sizes)} for {shape_text(sizes)}. Use less padding, "
            f"or a {self.title.replace('Reflection', 'Zero')} instead.",
            (change("Pad as much as possible", padding=fitting), REMOVE),
            short=exceeds([max(pair) for pair, _ in pairs], [size - 1 for size in sizes]),
        )


@dataclass(frozen=True, eq=False, repr=False)
class ReflectionPad1d(ReflectionPad):
    """`torch.nn.ReflectionPad1d`."""

    name: ClassVar[str] = "reflection_pad1d"
    title: ClassVar[str] = "ReflectionPad1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Extends a series by its mirror image"
    explanation: ClassVar[str] = (
        "Extends the series at both ends by its own mirror image, as if a tune were played "
        "backwards. The series becomes longer without the sudden silence of zeros, so a "
        "convolution after it meets no artificial edges."
    )

    padding: tuple[int, ...] = _padding(1)


@dataclass(frozen=True, eq=False, repr=False)
class ReflectionPad2d(ReflectionPad):
    """`torch.nn.ReflectionPad2d`."""

    name: ClassVar[str] = "reflection_pad2d"
    title: ClassVar[str] = "ReflectionPad2d"
    summary: ClassVar[str] = "Extends an image by its mirror image"
    explanation: ClassVar[str] = (
        "Extends the image beyond its edges by its own mirror image, as if mirrors stood on the "
        "frame. Unlike zeros this adds no dark line around it, which is why networks that "
        "generate images or change the style of photos use it."
    )

    padding: tuple[int, ...] = _padding(2)


@dataclass(frozen=True, eq=False, repr=False)
class ReflectionPad3d(ReflectionPad):
    """`torch.nn.ReflectionPad3d`."""

    name: ClassVar[str] = "reflection_pad3d"
    title: ClassVar[str] = "ReflectionPad3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Extends a volume by its mirror image"
    explanation: ClassVar[str] = (
        "Extends a volume or a film on all six sides by its own mirror image, as a hall of "
        "mirrors seems larger than it is. Unlike zeros it adds no artificial edges that a "
        "convolution after it would find."
    )

    padding: tuple[int, ...] = _padding(3)


@dataclass(frozen=True, eq=False, repr=False)
class Crop2d(LayerKind):
    """Crops an image."""

    name: ClassVar[str] = "crop2d"
    title: ClassVar[str] = "Crop2d"
    category: ClassVar[str] = "merge"
    summary: ClassVar[str] = "Cuts off the edges of an image"
    explanation: ClassVar[str] = (
        "Cuts rows and columns off the edges of each channel, as you trim a photo with scissors. "
        "Set either how much each side loses, or the size of the centre that stays. A U-Net uses "
        "it to give two images the same size before they are joined."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>i, j</i>] = <i>x</i>[<i>i</i> + top, <i>j</i> + left]"

    cropping: tuple[int, ...] = setting(
        IntegerList(
            title="Crop",
            help="Rows and columns that each side loses, in the order top, bottom, left, right.",
            default=(1, 1, 1, 1),
            count=4,
            minimum=0,
        )
    )
    size: tuple[int, ...] | None = setting(
        IntegerList(
            title="Centre size",
            help="Height and width of the centre that stays, whatever the input; left empty, the "
            "sides decide.",
            default=None,
            count=2,
            optional=True,
        )
    )

    def card_summary(self) -> str:
        if self.size is not None:
            return f"centre {shape_text(self.size)}"[:24]
        return " ".join(map(str, self.cropping))[:24]

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) < 2:
            yield _needs_axes(self.title, "cuts off", signal, 2)
        elif self.size is not None:
            yield from self._check_centre(signal.shape[-2:], self.size)
        else:
            yield from self._check_remainder(signal.shape[-2:])

    def _check_centre(self, sizes: Shape, target: Shape) -> Iterator[Problem]:
        fitting = tuple(min(pair) for pair in zip(target, sizes, strict=True))
        if fitting != target:
            yield layer_error(
                "crop-too-large",
                f"{shape_text(sizes)} has no centre of {shape_text(target)}",
                f"Crop2d is set to keep {shape_text(target)}, but the input has only "
                f"{shape_text(sizes)}. Keep less, or enlarge the image before.",
                (change(f"Keep {shape_text(fitting)}", size=fitting), REMOVE),
                short=exceeds(target, sizes),
            )

    def _check_remainder(self, sizes: Shape) -> Iterator[Problem]:
        pairs = (self.cropping[:2], self.cropping[2:])
        if all(sum(pair) < size for pair, size in zip(pairs, sizes, strict=True)):
            return
        fitting = tuple(
            min(amount, (size - 1) // 2)
            for pair, size in zip(pairs, sizes, strict=True)
            for amount in pair
        )
        yield layer_error(
            "crop-too-large",
            f"Nothing is left of {shape_text(sizes)}",
            f"Crop2d is set to remove {sum(pairs[0])} rows and {sum(pairs[1])} columns, but the "
            f"input has only {shape_text(sizes)}. Crop less, or reduce the size less in earlier "
            "layers.",
            (change("Crop less", cropping=fitting), REMOVE),
            short="nothing left",
        )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}Crop2d", {"cropping": self.cropping, "size": self.size})


KINDS: tuple[type[LayerKind], ...] = (
    ZeroPad1d,
    ZeroPad2d,
    ZeroPad3d,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    Crop2d,
)
"""In the palette's order."""
