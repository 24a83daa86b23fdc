"""Layers that rearrange numbers without computing anything."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import exceeds, short_enough, unequal
from dlstudio.design.model.signals import Shape
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    REMOVE,
    change,
    insert,
    layer_error,
    setting_error,
    shape_text,
)
from dlstudio.layers.framework.meanings import MEANING_BY_AXES
from dlstudio.layers.framework.settings import Integer, IntegerList, setting

OWN = "dlstudio.network.modules.shapes."


@dataclass(frozen=True, eq=False, repr=False)
class Flatten(LayerKind):
    """`torch.nn.Flatten`."""

    name: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten"
    category: ClassVar[str] = "merge"
    passes_values: ClassVar[bool] = True
    summary: ClassVar[str] = "Lines all numbers up in one row"
    explanation: ClassVar[str] = (
        "Lines all numbers of a sample up in one long row, as one unravels a knitted jumper into "
        "a single thread. Nothing is computed and nothing is lost, but what lay side by side may "
        "now be far apart. Linear layers need it after images and maps."
    )
    formula: ClassVar[str] = "(<i>C, H, W</i>) → (<i>C · H · W</i>)"

    start_axis: int = setting(
        Integer(
            title="First axis",
            help="First axis of a sample to join with those after it; 0 joins all.",
            default=0,
            minimum=-8,
            maximum=7,
            advanced=True,
        )
    )
    end_axis: int = setting(
        Integer(
            title="Last axis",
            help="Last axis to join; −1 is the last of all.",
            default=-1,
            minimum=-8,
            maximum=7,
            advanced=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        rank = len(signal.shape)
        if rank == 0:
            yield layer_error(
                "wrong-rank",
                "There is nothing to flatten",
                "The input is a single number, which has no axes to join. Remove the Flatten.",
                (REMOVE, insert("Insert Reshape to 1", "reshape", {"shape": (1,)})),
                short="a single number",
            )
            return
        everything = change("Flatten all axes", start_axis=0, end_axis=-1)
        for axis in (self.start_axis, self.end_axis):
            if not -rank <= axis < rank:
                yield layer_error(
                    "axis-missing",
                    f"{signal.text()} has no axis {axis}",
                    f"Flatten is set to join the axes {self.start_axis} to {self.end_axis}, but "
                    f"{signal.text()} only has the axes 0…{rank - 1}. Choose among them.",
                    (everything,),
                    short=short_enough(f"no axis {axis}", "no such axis"),
                )
                return
        if self.start_axis % rank > self.end_axis % rank:
            yield setting_error(
                "The first axis comes after the last",
                f"Flatten is set to join the axes {self.start_axis} to {self.end_axis} of "
                f"{signal.text()}, but the first of them comes later. Swap them.",
                (everything,),
                short=exceeds(self.start_axis % rank, self.end_axis % rank),
            )

    def call(self, signals: Signals) -> Call:
        start, end = (axis + 1 if axis >= 0 else axis for axis in (self.start_axis, self.end_axis))
        return Call("torch.nn.Flatten", {"start_dim": start, "end_dim": end})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "features" if len(shape) == 1 else super().axes_meaning(signals, shape)


@dataclass(frozen=True, eq=False, repr=False)
class Reshape(LayerKind):
    """The same numbers in another shape."""

    name: ClassVar[str] = "reshape"
    title: ClassVar[str] = "Reshape"
    category: ClassVar[str] = "merge"
    passes_values: ClassVar[bool] = True
    summary: ClassVar[str] = "Arranges the same numbers in another shape"
    explanation: ClassVar[str] = (
        "Reads the numbers of a sample in order and fills them into the shape you choose, as the "
        "same stamps can fill pages of another format. Nothing is computed; the count must stay "
        "the same. One size may be −1 and follows from the rest."
    )
    formula: ClassVar[str] = "784 → (1, 28, 28)"

    shape: tuple[int, ...] = setting(
        IntegerList(
            title="Shape",
            help="Sizes of one sample without the batch; one of them may be −1.",
            default=(-1,),
            minimum=-1,
        )
    )

    def card_summary(self) -> str:
        return shape_text(self.shape)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        count = math.prod(signal.shape)
        known = math.prod(size for size in self.shape if size != -1)
        flat = change(f"Reshape to {count}", shape=(count,))
        if 0 in self.shape or self.shape.count(-1) > 1:
            yield setting_error(
                f"{shape_text(self.shape)} is not a shape",
                "Every size must be at least 1; only one may be −1, which then follows from the "
                f"rest. The input has {count} numbers.",
                (flat,),
                short="not a shape",
            )
        elif count != known and (-1 not in self.shape or count % known):
            inferred = tuple(-1 if i == 0 else size for i, size in enumerate(self.shape))
            rest = math.prod(inferred[1:])
            repairs = [flat]
            if -1 not in self.shape and count % rest == 0:
                fitting = (count // rest, *self.shape[1:])
                repairs.insert(0, change(f"Reshape to {shape_text(fitting)}", shape=fitting))
            yield layer_error(
                "size-mismatch",
                f"{signal.text()} does not fill {shape_text(self.shape)}",
                f"{signal.text()} contains {count} numbers, but {shape_text(self.shape)} contains "
                f"{f'multiples of {known}' if -1 in self.shape else known}. Choose sizes whose "
                f"product is {count}.",
                repairs,
                short=unequal(count, known),
            )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}Reshape", {"shape": self.shape})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "")


@dataclass(frozen=True, eq=False, repr=False)
class Permute(LayerKind):
    """Axes in another order."""

    name: ClassVar[str] = "permute"
    title: ClassVar[str] = "Permute"
    category: ClassVar[str] = "merge"
    summary: ClassVar[str] = "Changes the order of the axes"
    explanation: ClassVar[str] = (
        "Reorders the axes of a sample, as you swap the rows and columns of a table. The numbers "
        "stay what they are; only the order in which later layers read them changes. Time series "
        "and channels-last images often need it."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>j, i</i>] = <i>x</i>[<i>i, j</i>]"

    axes: tuple[int, ...] = setting(
        IntegerList(
            title="Axes",
            help="The new order: 1, 0 swaps the two axes of a table, 1, 2, 0 puts channels last.",
            default=(1, 0),
            minimum=-8,
            maximum=7,
        )
    )

    def card_summary(self) -> str:
        return " ".join(map(str, self.axes))

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        rank = len(signal.shape)
        inside = all(-rank <= axis < rank for axis in self.axes)
        if inside and sorted(axis % rank for axis in self.axes) == list(range(rank)):
            return
        backwards = tuple(reversed(range(rank)))
        repairs = [change(f"Use the order {_order(backwards)}", axes=backwards)]
        if rank == 3:
            repairs.insert(0, change("Put the first axis last (1 2 0)", axes=(1, 2, 0)))
        yield layer_error(
            "axis-missing",
            f"{_order(self.axes)} is not an order of {signal.text()}",
            f"{signal.text()} has {rank} {'axis' if rank == 1 else 'axes'}, so the order must name "
            f"{_order(range(rank)) or 'nothing'} once each; it names {_order(self.axes)}.",
            repairs,
            short=unequal(len(self.axes), rank) if len(self.axes) != rank else "wrong order",
        )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}Permute", {"axes": self.axes})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "") if len(shape) < 3 else ""


def _order(axes: tuple[int, ...] | range) -> str:
    return " ".join(map(str, axes))


@dataclass(frozen=True, eq=False, repr=False)
class Identity(LayerKind):
    """`torch.nn.Identity`."""

    name: ClassVar[str] = "identity"
    title: ClassVar[str] = "Identity"
    category: ClassVar[str] = "merge"
    keeps_width: ClassVar[bool] = True
    passes_values: ClassVar[bool] = True
    summary: ClassVar[str] = "Passes everything on unchanged"
    explanation: ClassVar[str] = (
        "Passes its input on, unchanged, like a window pane. It is useful as a point to observe, "
        "as the shortcut of a residual block, or to name a point of the network."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i>"

    def call(self, signals: Signals) -> Call:
        return Call("torch.nn.Identity")


KINDS: tuple[type[LayerKind], ...] = (Flatten, Reshape, Permute, Identity)
"""In the palette's order."""
