"""Pooling to a given output size, or to one number per channel."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import axes_differ
from dlstudio.design.model.signals import Shape
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    layer_error,
    shape_text,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.settings import IntegerList, setting
from dlstudio.layers.framework.sliding_window import reshape_repair
from dlstudio.layers.pooling import pooling_checks as checks

OWN = "dlstudio.network.modules.global_pooling."
_AXES = {1: "Length", 2: "Height and width", 3: "Depth, height and width"}


def _output_size(count: int) -> Any:
    ones = ", ".join("1" * count)
    return setting(
        IntegerList(
            title="Output size",
            help=f"{_AXES[count]} of the result, whatever the input; {ones} leaves one number per "
            "channel.",
            default=(1,) * count,
            count=count,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class AdaptivePool(LayerKind):
    """Base class of pooling to a given size, over the last `window_axes` axes."""

    category: ClassVar[str] = "pooling"
    window_axes: ClassVar[int] = 2

    output_size: tuple[int, ...] = ()

    def card_summary(self) -> str:
        return shape_text(self.output_size)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(checks.needs_grid(self.title, signal, self.window_axes, ("float32",)))
        count = math.prod((*signal.shape[: -self.window_axes], *self.output_size))
        if not problems and count > MAX_ELEMENTS:
            problems = [too_large(self.title, "Its output", count)]
        yield from problems

    def call(self, signals: Signals) -> Call:
        return Call(f"torch.nn.{self.title}", {"output_size": self.output_size})


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveAvgPool1d(AdaptivePool):
    """`torch.nn.AdaptiveAvgPool1d`."""

    name: ClassVar[str] = "adaptive_avg_pool1d"
    title: ClassVar[str] = "AdaptiveAvgPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Averages a series to a length that you choose"
    explanation: ClassVar[str] = (
        "Cuts the series into as many spans as you choose and averages each, whatever the length "
        "of the input, as a school year has one mark per term however many tests were written. "
        "With 1 each channel becomes one number: how strongly its pattern occurred on average."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>t</i>] = mean of <i>x</i> over span <i>t</i>"

    output_size: tuple[int, ...] = _output_size(1)


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveAvgPool2d(AdaptivePool):
    """`torch.nn.AdaptiveAvgPool2d`."""

    name: ClassVar[str] = "adaptive_avg_pool2d"
    title: ClassVar[str] = "AdaptiveAvgPool2d"
    summary: ClassVar[str] = "Averages to a size that you choose"
    explanation: ClassVar[str] = (
        "Lays a grid of the size you choose over each channel and averages every field, whatever "
        "the size of the input, as a map of a country shows one mean temperature per province. "
        "With 1×1 each channel becomes one number: how strongly its pattern occurred on average."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = mean of <i>x</i> over field (<i>i, j</i>) of the grid"
    )

    output_size: tuple[int, ...] = _output_size(2)


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveAvgPool3d(AdaptivePool):
    """`torch.nn.AdaptiveAvgPool3d`."""

    name: ClassVar[str] = "adaptive_avg_pool3d"
    title: ClassVar[str] = "AdaptiveAvgPool3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Averages a volume to a size that you choose"
    explanation: ClassVar[str] = (
        "Divides each channel of a volume or a film into as many blocks as you choose and "
        "averages each, whatever the size of the input, as a house is described by one "
        "temperature per room. With 1×1×1 each channel becomes one number."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j, k</i>] = mean of <i>x</i> over block (<i>i, j, k</i>)"
    )

    output_size: tuple[int, ...] = _output_size(3)


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveMaxPool1d(AdaptivePool):
    """`torch.nn.AdaptiveMaxPool1d`."""

    name: ClassVar[str] = "adaptive_max_pool1d"
    title: ClassVar[str] = "AdaptiveMaxPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Keeps the peaks of a series, to a chosen length"
    explanation: ClassVar[str] = (
        "Cuts the series into as many spans as you choose and keeps the largest value of each, "
        "whatever the length of the input, as a season is summed up by its best game each month. "
        "With 1 each channel becomes one number: how clearly its pattern occurred anywhere."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>t</i>] = max of <i>x</i> over span <i>t</i>"

    output_size: tuple[int, ...] = _output_size(1)


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveMaxPool2d(AdaptivePool):
    """`torch.nn.AdaptiveMaxPool2d`."""

    name: ClassVar[str] = "adaptive_max_pool2d"
    title: ClassVar[str] = "AdaptiveMaxPool2d"
    summary: ClassVar[str] = "Keeps the peaks, to a size that you choose"
    explanation: ClassVar[str] = (
        "Lays a grid of the size you choose over each channel and keeps the largest value of "
        "every field, whatever the size of the input, as a map shows the highest mountain of each "
        "province. With 1×1 each channel becomes one number: how clearly its pattern occurred "
        "anywhere."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j</i>] = max of <i>x</i> over field (<i>i, j</i>) of the grid"
    )

    output_size: tuple[int, ...] = _output_size(2)


@dataclass(frozen=True, eq=False, repr=False)
class AdaptiveMaxPool3d(AdaptivePool):
    """`torch.nn.AdaptiveMaxPool3d`."""

    name: ClassVar[str] = "adaptive_max_pool3d"
    title: ClassVar[str] = "AdaptiveMaxPool3d"
    window_axes: ClassVar[int] = 3
    summary: ClassVar[str] = "Keeps the peaks of a volume, to a chosen size"
    explanation: ClassVar[str] = (
        "Divides each channel of a volume or a film into as many blocks as you choose and keeps "
        "the largest value of each, whatever the size of the input, as you note the hottest spot "
        "of every room. With 1×1×1 each channel becomes one number."
    )
    formula: ClassVar[str] = (
        "<i>y</i>[<i>i, j, k</i>] = max of <i>x</i> over block (<i>i, j, k</i>)"
    )

    output_size: tuple[int, ...] = _output_size(3)


@dataclass(frozen=True, eq=False, repr=False)
class GlobalPool(LayerKind):
    """Base class of global pooling, over all axes after the channels."""

    category: ClassVar[str] = "pooling"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) < 2:
            yield layer_error(
                "wrong-rank",
                f"{self.title} has nothing to summarise",
                f"{self.title} reduces all positions of a channel to one number, but "
                f"{signal.text()} has no axis after its channels. Remove it, or wire it to a layer "
                "that gives channels × length or maps.",
                (REMOVE, reshape_repair(signal.shape, 1)),
                short=axes_differ(len(signal.shape), 2),
            )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}{self.title}")

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "features"


@dataclass(frozen=True, eq=False, repr=False)
class GlobalAvgPool(GlobalPool):
    """The mean of each channel, built by `network/modules`."""

    name: ClassVar[str] = "global_avg_pool"
    title: ClassVar[str] = "GlobalAvgPool"
    summary: ClassVar[str] = "Averages each channel to one number"
    explanation: ClassVar[str] = (
        "Averages each channel over all positions: how strongly its pattern occurred. It is like "
        "asking how green a photo is, no matter where the trees are. Series, images and volumes "
        "of any size become a list with one feature per channel, which a Linear takes without a "
        "Flatten."
    )
    formula: ClassVar[str] = "<i>y<sub>c</sub></i> = mean of all <i>x<sub>c</sub></i>"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(super().check(signals))
        if not problems and signal.dtype != "float32":
            problems = [
                wrong_dtype(
                    self.title,
                    signal,
                    "real numbers (float32)",
                    "Choose a normalisation in the data settings, or remove the layer.",
                    (REMOVE,),
                )
            ]
        yield from problems


@dataclass(frozen=True, eq=False, repr=False)
class GlobalMaxPool(GlobalPool):
    """The maximum of each channel, built by `network/modules`."""

    name: ClassVar[str] = "global_max_pool"
    title: ClassVar[str] = "GlobalMaxPool"
    summary: ClassVar[str] = "Keeps the largest value of each channel"
    explanation: ClassVar[str] = (
        "Keeps the largest value of each channel over all positions: how clearly its pattern "
        "occurred anywhere. It is like asking whether there is a cat in the photo at all, no "
        "matter where. Series, images and volumes of any size become a list with one feature per "
        "channel, which a Linear takes without a Flatten."
    )
    formula: ClassVar[str] = "<i>y<sub>c</sub></i> = max of all <i>x<sub>c</sub></i>"


KINDS: tuple[type[LayerKind], ...] = (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
    GlobalAvgPool,
    GlobalMaxPool,
)
"""In the palette's order."""
