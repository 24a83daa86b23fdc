"""Layers that take a part of a sample along an axis, or reverse it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import compact, short_enough
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.axis_layers import AxisLayer, axis_setting
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.framework.layer_problems import REMOVE, change, layer_error
from dlstudio.layers.framework.settings import Integer, setting

MAX_INDEX = 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Split(AxisLayer):
    """Splits an axis into two parts."""

    name: ClassVar[str] = "split"
    title: ClassVar[str] = "Split"
    module: ClassVar[str] = "slicing"
    summary: ClassVar[str] = "Splits a sample into two parts along an axis"
    explanation: ClassVar[str] = (
        "Splits a sample in two along an axis, as you tear a strip of paper, and gives each part "
        "to a branch of its own. A gate uses it to dim one half with the other; the encoder of a "
        "variational autoencoder to get mean and variance from one layer. Nothing is computed, "
        "and Concatenate joins the parts again."
    )
    formula: ClassVar[str] = (
        "<i>y</i><sub>1</sub> = <i>x</i>[0 … <i>k</i> − 1], "
        "<i>y</i><sub>2</sub> = <i>x</i>[<i>k</i> …]"
    )
    outputs: ClassVar[tuple[Port, ...]] = (
        Port("first", "The part before the split"),
        Port("second", "The part after the split"),
    )

    axis: int = setting(
        axis_setting("The axis of a sample that is split: 0 is the first, −1 the last.")
    )
    size: int | None = setting(
        Integer(
            title="Size of the first part",
            help="Size of the first part along the axis; left empty, it is split in the middle.",
            default=None,
            optional=True,
        )
    )

    def card_summary(self) -> str:
        return "halves" if self.size is None else f"{self.size} and the rest"

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield a problem if a part is empty, or if an odd size is to be halved."""
        length = self.axis_size(signal)
        if length == 1:
            yield layer_error(
                "size-mismatch",
                f"There is nothing to split along axis {self.axis}",
                f"Axis {self.axis} of {signal.text()} has size 1, but two parts need at least 2. "
                "Split along a longer axis, or remove the layer.",
                (REMOVE,),
                short="size 1",
            )
        elif self.size is None and length % 2:
            yield layer_error(
                "size-mismatch",
                f"{length} has no equal halves",
                f"Axis {self.axis} of {signal.text()} has size {length}, which is odd. Set the "
                "size of the first part.",
                (change(f"Cut after {length // 2}", size=length // 2),),
                short=short_enough(f"{length} is odd", "odd size"),
            )
        elif self.size is not None and self.size >= length:
            yield layer_error(
                "size-mismatch",
                f"Nothing is left for the second part of {signal.text()}",
                f"The first part is set to {self.size}, but axis {self.axis} of {signal.text()} "
                f"has size {length}. Choose at most {length - 1}.",
                (change(f"Cut after {length // 2}", size=length // 2),),
                short=short_enough(f"{compact(self.size)} ≥ {compact(length)}", "too long"),
            )


@dataclass(frozen=True, eq=False, repr=False)
class Slice(AxisLayer):
    """A span of an axis."""

    name: ClassVar[str] = "slice"
    title: ClassVar[str] = "Slice"
    module: ClassVar[str] = "slicing"
    summary: ClassVar[str] = "Keeps a span of an axis"
    explanation: ClassVar[str] = (
        "Keeps everything from the start up to the stop along an axis and drops the rest, like a "
        "page range in a print dialogue. A step of 2 keeps every other position. Start and stop "
        "count from 0, and the stop itself is left out; negative ones count from the end, as in "
        "Python."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i>[start : stop : step]"

    axis: int = setting(
        axis_setting("The axis of a sample that is shortened: 0 is the first, −1 the last.")
    )
    start: int = setting(
        Integer(
            title="Start",
            help="The first position that is kept, counted from 0; negative counts from the end.",
            default=0,
            minimum=-MAX_INDEX,
        )
    )
    stop: int | None = setting(
        Integer(
            title="Stop",
            help="The first position that is no longer kept; negative counts from the end, left "
            "empty it goes on to the end.",
            default=None,
            minimum=-MAX_INDEX,
            optional=True,
        )
    )
    step: int = setting(
        Integer(
            title="Step", help="1 keeps every position, 2 every other one, and so on.", default=1
        )
    )

    def card_summary(self) -> str:
        stop = "" if self.stop is None else self.stop
        text = f"{self.start}:{stop}" + (f":{self.step}" if self.step != 1 else "")
        return text if len(text) <= 24 else "a span"

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield a problem if the span is empty."""
        length = self.axis_size(signal)
        if not range(length)[self.start : self.stop : self.step]:
            stop = "the end" if self.stop is None else self.stop
            yield layer_error(
                "empty-slice",
                f"The span from {self.start} to {stop} is empty",
                f"Axis {self.axis} of {signal.text()} has the positions 0…{length - 1}, and none "
                f"of them is from {self.start} up to {stop}. Choose other ends.",
                (change("Keep everything", start=0, stop=None),),
                short="empty span",
            )


@dataclass(frozen=True, eq=False, repr=False)
class Select(AxisLayer):
    """One position of an axis."""

    name: ClassVar[str] = "select"
    title: ClassVar[str] = "Select"
    module: ClassVar[str] = "slicing"
    summary: ClassVar[str] = "Picks one position of an axis"
    explanation: ClassVar[str] = (
        "Picks one position along an axis and removes the axis, as you take a single page out of "
        "a book. The last step of a sequence often stands for the whole, since it is the one that "
        "has seen everything; in a vision transformer the first does."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i>[index]"

    axis: int = setting(
        axis_setting("The axis of a sample that disappears: 0 is the first, −1 the last.")
    )
    index: int = setting(
        Integer(
            title="Index",
            help="The position that is kept, counted from 0; −1 is the last.",
            default=-1,
            minimum=-MAX_INDEX,
        )
    )

    def card_summary(self) -> str:
        return f"[{self.index}]"

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield a problem if the index is out of range."""
        length = self.axis_size(signal)
        if not -length <= self.index < length:
            last = length - 1 if self.index > 0 else 0
            yield layer_error(
                "index-missing",
                f"Axis {self.axis} of {signal.text()} has no position {self.index}",
                f"Axis {self.axis} of {signal.text()} has the positions 0…{length - 1}. Choose one "
                "of them; −1 is always the last.",
                (change(f"Pick position {last}", index=last), change("Pick the last", index=-1)),
                short=short_enough(f"no index {self.index}", "no such index"),
            )


@dataclass(frozen=True, eq=False, repr=False)
class Flip(AxisLayer):
    """Reverses an axis."""

    keeps_width: ClassVar[bool] = True
    name: ClassVar[str] = "flip"
    title: ClassVar[str] = "Flip"
    module: ClassVar[str] = "slicing"
    summary: ClassVar[str] = "Reverses the order along an axis"
    explanation: ClassVar[str] = (
        "Reverses the order along an axis: an image as in a mirror, or a sentence read from its "
        "end. Nothing is lost, and a second Flip undoes it. With it a layer that reads forward "
        "can also read backward."
    )
    formula: ClassVar[str] = "<i>y<sub>i</sub></i> = <i>x</i><sub><i>n</i> − 1 − <i>i</i></sub>"

    axis: int = setting(
        axis_setting(
            "The axis of a sample that is reversed: 0 is the first, the positions of a sequence; "
            "−1 is the last, left and right in an image.",
            default=-1,
        )
    )


KINDS: tuple[type[LayerKind], ...] = (Split, Slice, Select, Flip)
"""In the palette's order."""
