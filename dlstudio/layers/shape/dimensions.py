"""Layers that add an axis to a sample or drop one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.axis_layers import NEW_AXIS, AxisLayer, axis_setting
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    error,
    hint,
    too_large,
)
from dlstudio.layers.framework.settings import Integer, setting


@dataclass(frozen=True, eq=False, repr=False)
class Squeeze(AxisLayer):
    """Without axes of size 1."""

    name: ClassVar[str] = "squeeze"
    title: ClassVar[str] = "Squeeze"
    module: ClassVar[str] = "dimensions"
    summary: ClassVar[str] = "Drops axes of size 1"
    explanation: ClassVar[str] = (
        "Drops an axis that has only one place, as one takes a single sheet out of its folder. The "
        "numbers stay as they are; a map of 16×1×1 becomes a row of 16. Layers that count axes "
        "may need it."
    )
    formula: ClassVar[str] = "(<i>C</i>, 1, 1) → (<i>C</i>)"

    axis: int | None = setting(
        axis_setting(
            "The axis of a sample to drop, whose size must be 1; left empty, all of size 1.",
            default=None,
            optional=True,
        )
    )

    def card_summary(self) -> str:
        """Return the axis where one is chosen."""
        return "" if self.axis is None else super().card_summary()

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield an axis that holds more, and a hint where there is nothing to drop."""
        everything = change("Drop all axes of size 1", axis=None)
        if self.axis is not None and self.axis_size(signal) != 1:
            yield error(
                "size-mismatch",
                f"Axis {self.axis} of {signal.text()} does not have size 1",
                f"Only an axis of size 1 can be dropped without losing numbers; axis {self.axis} "
                f"of {signal.text()} has size {self.axis_size(signal)}. Choose another one, or use "
                "Select, Mean or Max, which make one number of many.",
                (everything, REMOVE),
            )
        elif 1 not in signal.shape:
            yield hint(
                "nothing-to-squeeze",
                f"{signal.text()} has no axis of size 1",
                f"No axis of {signal.text()} has size 1, so everything is handed on as it is. "
                "Remove the layer if that is not what it is for.",
                (REMOVE,),
            )


@dataclass(frozen=True, eq=False, repr=False)
class Unsqueeze(AxisLayer):
    """A new axis of size 1."""

    name: ClassVar[str] = "unsqueeze"
    title: ClassVar[str] = "Unsqueeze"
    module: ClassVar[str] = "dimensions"
    added_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Adds an axis of size 1"
    explanation: ClassVar[str] = (
        "Adds an axis with a single place, as one puts a sheet into a folder of its own. The "
        "numbers stay as they are; a row of 16 becomes a table with one row or one column. "
        "Convolutions want it as their one channel, and products to stretch along."
    )
    formula: ClassVar[str] = "(<i>L, F</i>) → (1, <i>L, F</i>)"

    axis: int = setting(axis_setting(NEW_AXIS))


@dataclass(frozen=True, eq=False, repr=False)
class Repeat(AxisLayer):
    """Copies along a new axis."""

    name: ClassVar[str] = "repeat"
    title: ClassVar[str] = "Repeat"
    module: ClassVar[str] = "dimensions"
    added_axes: ClassVar[int] = 1
    summary: ClassVar[str] = "Makes copies along a new axis"
    explanation: ClassVar[str] = (
        "Hands out the same sample several times along a new axis, like copies for everyone round "
        "a table. It makes a sequence of one vector: the decoder of a sequence autoencoder reads "
        "the summary anew at each step. Also known as RepeatVector. What the copies learn is "
        "added up."
    )
    formula: ClassVar[str] = "<i>y<sub>t</sub></i> = <i>x</i> for <i>t</i> = 1 … <i>n</i>"

    times: int = setting(
        Integer(title="Copies", help="How many copies there are along the new axis.", default=2)
    )
    axis: int = setting(axis_setting(NEW_AXIS))

    def card_summary(self) -> str:
        """Return the number of copies."""
        return f"×{self.times}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a place where no axis can stand, and too many copies."""
        yield from super().check(signals)
        count = self.times * math.prod(signals["input"][0].shape)
        if count > MAX_ELEMENTS:
            yield too_large("Repeat", "Its output", count)


KINDS: tuple[type[LayerKind], ...] = (Squeeze, Unsqueeze, Repeat)
"""In the palette's order."""
