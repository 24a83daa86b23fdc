"""Pooling by a power mean, between the sum and the maximum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import short_enough
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import change, layer_error, shape_text
from dlstudio.layers.framework.settings import Integer, setting
from dlstudio.layers.framework.sliding_window import kernel_setting, stride_setting
from dlstudio.layers.pooling.pooling import KERNEL_HELP, PoolingLayer


@dataclass(frozen=True, eq=False, repr=False)
class LPPool(PoolingLayer):
    """Base class of the power-average pooling layers."""

    formula: ClassVar[str] = (
        "<i>y</i> = (Σ<sub><i>u</i> in window</sub> <i>x<sub>u</sub><sup>p</sup></i>)"
        "<sup>1⁄<i>p</i></sup>"
    )

    norm_type: int = setting(
        Integer(
            title="Power",
            help="1 adds the values up, 2 takes the root of the sum of squares; the higher, the "
            "more the largest value counts.",
            default=2,
            maximum=16,
        )
    )

    def card_summary(self) -> str:
        return f"p={self.norm_type} · {shape_text(self.kernel_size)}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        problems = list(super().check(signals))
        if not problems and self.norm_type > 1 and self.norm_type % 2:
            even = self.norm_type + 1
            problems = [
                layer_error(
                    "odd-power",
                    f"Power {self.norm_type} fails on negative numbers",
                    f"An odd power of a negative number is negative, and {self.title} takes the "
                    "root of their sum, which then does not exist. Choose an even power, or 1.",
                    (change(f"Set the power to {even}", norm_type=even),),
                    port="",
                    short=short_enough(f"odd power {self.norm_type}", "odd power"),
                )
            ]
        yield from problems


@dataclass(frozen=True, eq=False, repr=False)
class LPPool1d(LPPool):
    """`torch.nn.LPPool1d`."""

    name: ClassVar[str] = "lp_pool1d"
    title: ClassVar[str] = "LPPool1d"
    window_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Measures how strong each span is"
    explanation: ClassVar[str] = (
        "Cuts the series into short spans and measures how strong each one is. With power 2 it "
        "squares the values, adds them up and takes the root, as a sound meter does with the "
        "swings of a wave. It is between AvgPool1d, where all count alike, and MaxPool1d, where "
        "one decides."
    )

    kernel_size: tuple[int, ...] = kernel_setting(1, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(1, None)

    def call(self, signals: Signals) -> Call:
        call = super().call(signals)
        return Call(call.target, {**call.arguments, "kernel_size": self.kernel_size[0]})


@dataclass(frozen=True, eq=False, repr=False)
class LPPool2d(LPPool):
    """`torch.nn.LPPool2d`."""

    name: ClassVar[str] = "lp_pool2d"
    title: ClassVar[str] = "LPPool2d"
    summary: ClassVar[str] = "Measures how strong each patch is"
    explanation: ClassVar[str] = (
        "Divides each channel into small patches and measures how strong each one is. With power "
        "2 it squares the values, adds them up and takes the root, as you find the length of an "
        "arrow from its sides. It is between AvgPool2d, where all count alike, and MaxPool2d, "
        "where one decides."
    )

    kernel_size: tuple[int, ...] = kernel_setting(2, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(2, None)


@dataclass(frozen=True, eq=False, repr=False)
class LPPool3d(LPPool):
    """`torch.nn.LPPool3d`."""

    name: ClassVar[str] = "lp_pool3d"
    title: ClassVar[str] = "LPPool3d"
    window_axes: ClassVar[int] = 3
    may_overhang: ClassVar[bool] = False
    summary: ClassVar[str] = "Measures how strong each block is"
    explanation: ClassVar[str] = (
        "Divides each channel of a volume or a film into small blocks and measures how strong "
        "each one is. With power 2 it squares the values, adds them up and takes the root, as you "
        "find the diagonal of a box from its sides. It is between AvgPool3d, where all count "
        "alike, and MaxPool3d, where one decides."
    )

    kernel_size: tuple[int, ...] = kernel_setting(3, 2, KERNEL_HELP)
    stride: tuple[int, ...] | None = stride_setting(3, None)


KINDS: tuple[type[LayerKind], ...] = (LPPool1d, LPPool2d, LPPool3d)
"""In the palette's order."""
