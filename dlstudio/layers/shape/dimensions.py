"""Layers that add or remove an axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.axis_layers import NEW_AXIS, AxisLayer, axis_setting
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    layer_error,
    layer_hint,
    too_large,
)
from dlstudio.layers.framework.settings import Integer, setting


@dataclass(frozen=True, eq=False, repr=False)
class Squeeze(AxisLayer):
    """Removes axes of size 1."""

    passes_values: ClassVar[bool] = True
    name: ClassVar[str] = "squeeze"
    title: ClassVar[str] = "Squeeze"
    module: ClassVar[str] = "dimensions"
    summary: ClassVar[str] = "Removes axes of size 1"
    explanation: ClassVar[str] = (
        "Removes an axis of size 1, as you take a single sheet out of its folder. The numbers "
        "stay as they are; a map of 16×1×1 becomes a row of 16. Layers that count axes may need "
        "it."
    )
    formula: ClassVar[str] = "(<i>C</i>, 1, 1) → (<i>C</i>)"

    axis: int | None = setting(
        axis_setting(
            "The axis of a sample to remove, whose size must be 1; left empty, all of size 1.",
            default=None,
            optional=True,
        )
    )

    def card_summary(self) -> str:
        return "" if self.axis is None else super().card_summary()

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield a problem of an axis larger than 1, or a hint if there is nothing to remove."""
        everything = change("Remove all axes of size 1", axis=None)
        if self.axis is not None and self.axis_size(signal) != 1:
            yield layer_error(
                "size-mismatch",
                f"Axis {self.axis} of {signal.text()} does not have size 1",
                f"Only an axis of size 1 can be removed without losing numbers; axis {self.axis} "
                f"of {signal.text()} has size {self.axis_size(signal)}. Choose another one, or use "
                "Select, Mean or Max, which reduce many numbers to one.",
                (everything, REMOVE),
                short=unequal(self.axis_size(signal), 1),
            )
        elif 1 not in signal.shape:
            yield layer_hint(
                "nothing-to-squeeze",
                f"{signal.text()} has no axis of size 1",
                f"No axis of {signal.text()} has size 1, so the input passes unchanged. Remove the "
                "layer if that is not intended.",
                (REMOVE,),
                short="no axis of size 1",
            )


@dataclass(frozen=True, eq=False, repr=False)
class Unsqueeze(AxisLayer):
    """Adds an axis of size 1."""

    passes_values: ClassVar[bool] = True
    name: ClassVar[str] = "unsqueeze"
    title: ClassVar[str] = "Unsqueeze"
    module: ClassVar[str] = "dimensions"
    added_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Adds an axis of size 1"
    explanation: ClassVar[str] = (
        "Adds an axis of size 1, as you put a sheet into a folder of its own. The numbers stay as "
        "they are; a row of 16 becomes a table with one row or one column. Convolutions need it "
        "as their single channel, and products to broadcast along."
    )
    formula: ClassVar[str] = "(<i>L, F</i>) → (1, <i>L, F</i>)"

    axis: int = setting(axis_setting(NEW_AXIS))


@dataclass(frozen=True, eq=False, repr=False)
class Repeat(AxisLayer):
    """Copies of the input along a new axis."""

    name: ClassVar[str] = "repeat"
    title: ClassVar[str] = "Repeat"
    module: ClassVar[str] = "dimensions"
    added_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Makes copies along a new axis"
    explanation: ClassVar[str] = (
        "Repeats the same sample along a new axis, like copies for everyone round a table. It "
        "turns one vector into a sequence: the decoder of a sequence autoencoder reads the "
        "summary anew at each step. Also known as RepeatVector. The gradients of the copies are "
        "added up."
    )
    formula: ClassVar[str] = "<i>y<sub>t</sub></i> = <i>x</i> for <i>t</i> = 1 … <i>n</i>"

    times: int = setting(
        Integer(title="Copies", help="Number of copies along the new axis.", default=2)
    )
    axis: int = setting(axis_setting(NEW_AXIS))

    def card_summary(self) -> str:
        return f"×{self.times}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from super().check(signals)
        count = self.times * math.prod(signals["input"][0].shape)
        if count > MAX_ELEMENTS:
            yield too_large("Repeat", "Its output", count)


KINDS: tuple[type[LayerKind], ...] = (Squeeze, Unsqueeze, Repeat)
"""In the palette's order."""
