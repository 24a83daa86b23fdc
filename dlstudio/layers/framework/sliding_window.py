"""Arithmetic and settings of windows that slide along axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dlstudio.design.model.problems import Repair
from dlstudio.design.model.signals import Shape
from dlstudio.layers.framework.layer_problems import insert, shape_text
from dlstudio.layers.framework.settings import IntegerList, setting

AXES = {
    1: "channels × length",
    2: "channels × height × width",
    3: "channels × depth × height × width",
}
"""Axes that a window works on, by the number of axes it slides along."""


def kernel_setting(count: int, default: int, help_text: str) -> Any:
    """Return the setting for the size of the window."""
    return setting(
        IntegerList(title="Kernel size", help=help_text, default=(default,) * count, count=count)
    )


def stride_setting(count: int, default: int | None = 1) -> Any:
    """Return the setting for the step of the window; None means the kernel size."""
    return setting(
        IntegerList(
            title="Stride",
            help="Distance by which the window moves; 2 halves the size."
            if default
            else "Distance by which the window moves; left empty, its own size.",
            default=None if default is None else (default,) * count,
            count=count,
            optional=default is None,
        )
    )


def padding_setting(count: int, words: tuple[str, ...] = ()) -> Any:
    """Return the setting for padding around the edges."""
    same = "; same keeps the size, valid adds nothing" if words else ""
    return setting(
        IntegerList(
            title="Padding",
            help=f"Number of positions added on each side of the input{same}.",
            default=(0,) * count,
            count=count,
            minimum=0,
            words=words,
        )
    )


def dilation_setting(count: int) -> Any:
    """Return the setting for gaps inside the window."""
    return setting(
        IntegerList(
            title="Dilation",
            help="Distance between the positions that a window looks at; 2 skips every other one.",
            default=(1,) * count,
            count=count,
            advanced=True,
        )
    )


def span(kernel: int, dilation: int) -> int:
    """Return how many positions a window covers, gaps included."""
    return dilation * (kernel - 1) + 1


def spans(kernel: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """Return `span` for each axis."""
    return tuple(span(k, d) for k, d in zip(kernel, dilation, strict=True))


def with_channels(shape: Shape, axes: int) -> Shape:
    """Return a suitable shape of these numbers with channels and `axes` more axes."""
    if len(shape) > axes:
        return (*shape[:axes], math.prod(shape[axes:]))
    if len(shape) == axes:
        return (1, *shape)
    if axes == 2:
        count = math.prod(shape)
        for channels in (1, 3):
            side = math.isqrt(count // channels)
            if side > 1 and channels * side * side == count:
                return (channels, side, side)
    return (*(1,) * (axes + 1 - len(shape)), *shape)


def reshape_repair(shape: Shape, axes: int) -> Repair:
    """Return the fix that reshapes the input to a channel axis and `axes` more."""
    target = with_channels(shape, axes)
    return insert(f"Insert Reshape to {shape_text(target)}", "reshape", {"shape": target})
