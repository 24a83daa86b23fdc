"""Layers that reduce an axis to one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dlstudio.layers.framework.axis_layers import AxisLayer, axis_setting
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.framework.settings import Boolean, setting


@dataclass(frozen=True, eq=False, repr=False)
class Reduction(AxisLayer):
    """Base class of mean, maximum and sum."""

    module: ClassVar[str] = "reductions"

    axis: int | None = setting(
        axis_setting(
            "The axis of a sample that shrinks to one number: 0 is the first, the positions of a "
            "sequence; −1 is the last; left empty, all axes together.",
            optional=True,
        )
    )
    keepdim: bool = setting(
        Boolean(
            title="Keep the axis",
            help="Keeps the axis with size 1, so that the result can be multiplied by the input "
            "again.",
            default=False,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class Mean(Reduction):
    """Mean along an axis."""

    name: ClassVar[str] = "mean"
    title: ClassVar[str] = "Mean"
    summary: ClassVar[str] = "Averages along an axis"
    explanation: ClassVar[str] = (
        "Adds up the numbers along an axis and divides by their count, as you work out the "
        "average mark of a class. A sentence of any length becomes one row of features in this "
        "way. Every position counts the same, so where something was is forgotten."
    )
    formula: ClassVar[str] = "<i>y</i> = (<i>x</i><sub>1</sub> + … + <i>x<sub>n</sub></i>) / n"
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)


@dataclass(frozen=True, eq=False, repr=False)
class Max(Reduction):
    """Maximum along an axis."""

    name: ClassVar[str] = "max"
    title: ClassVar[str] = "Max"
    summary: ClassVar[str] = "Keeps the largest number along an axis"
    explanation: ClassVar[str] = (
        "Keeps only the largest number along an axis, like a high jump in which the best attempt "
        "counts. It shows whether something was found anywhere, not how often and not where. Only "
        "the winner gets a gradient; equal winners share it."
    )
    formula: ClassVar[str] = "<i>y</i> = max(<i>x</i><sub>1</sub>, …, <i>x<sub>n</sub></i>)"


@dataclass(frozen=True, eq=False, repr=False)
class Sum(Reduction):
    """Sum along an axis."""

    name: ClassVar[str] = "sum"
    title: ClassVar[str] = "Sum"
    summary: ClassVar[str] = "Adds up along an axis"
    explanation: ClassVar[str] = (
        "Adds up all numbers along an axis, like the bottom line of a bill. Unlike the mean, the "
        "result grows with the count: twice as many items cost twice as much. It is the last "
        "step of hand-built attention, which sums weighted values, and of networks on sets."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i><sub>1</sub> + … + <i>x<sub>n</sub></i>"


KINDS: tuple[type[LayerKind], ...] = (Mean, Max, Sum)
"""In the palette's order."""
