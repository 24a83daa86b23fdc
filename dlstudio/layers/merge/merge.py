"""Layers with any number of inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import short_enough, unequal
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.axis_layers import NEW_AXIS, axis_setting
from dlstudio.layers.framework.custom_modules import custom_call
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import change, layer_error, layer_hint
from dlstudio.layers.framework.meanings import MEANING_BY_AXES
from dlstudio.layers.framework.settings import setting
from dlstudio.layers.merge import merge_repairs
from dlstudio.layers.merge.merge_repairs import INPUTS


@dataclass(frozen=True, eq=False, repr=False)
class Merge(LayerKind):
    """Base class of layers with one port that accepts several wires."""

    category: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port(INPUTS, "Two or more wires, in order", variadic=True),
    )

    def call(self, signals: Signals) -> Call:
        return custom_call(self, "merge")


@dataclass(frozen=True, eq=False, repr=False)
class Add(Merge):
    """Sum of its inputs."""

    name: ClassVar[str] = "add"
    title: ClassVar[str] = "Add"
    summary: ClassVar[str] = "Adds several inputs number by number"
    explanation: ClassVar[str] = (
        "Lays its inputs on top of each other and adds them, position by position, like "
        "transparencies on a projector. All must have the same shape. In a residual network one "
        "of them is the untouched input: the layers beside it need only learn what is still "
        "missing, and gradients have a shortcut back."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i><sub>1</sub> + <i>x</i><sub>2</sub> + … + <i>x<sub>n</sub></i>"
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        inputs = signals[INPUTS]
        if len({signal.shape for signal in inputs}) == 1:
            return
        if len({len(signal.shape) for signal in inputs}) == 1:
            if len({signal.shape[0] for signal in inputs}) > 1:
                yield _channel_mismatch(inputs)
            elif not can_broadcast(inputs):
                yield _shape_mismatch(inputs)
            elif not _is_per_channel(inputs):
                yield _broadcast_hint(inputs)
        else:
            yield _axes_mismatch(self.title, inputs)


def input_difference(inputs: tuple[Signal, ...], joined_axis: int | None = None) -> str:
    """Return what differs between the first input and another, for a card; `16 ≠ 32`.

    The axis along which they are joined may differ.
    """
    shapes = [
        tuple(size for axis, size in enumerate(signal.shape) if axis != joined_axis)
        for signal in inputs
    ]
    return unequal(shapes[0], next(shape for shape in shapes if shape != shapes[0]))


def _channel_mismatch(inputs: tuple[Signal, ...]) -> Problem:
    what = "channels" if len(inputs[0].shape) > 1 else "features"
    return layer_error(
        "channel-mismatch",
        f"Add cannot join {shape_list(inputs)}",
        f"The inputs are {shape_list(inputs)}, but Add needs equal shapes, and these differ in "
        f"{what}. Insert a layer that gives all of them the same {what}.",
        merge_repairs.equalise(inputs),
        port=INPUTS,
        short=input_difference(inputs),
    )


def _shape_mismatch(inputs: tuple[Signal, ...]) -> Problem:
    return layer_error(
        "shape-mismatch",
        f"Add cannot join {shape_list(inputs)}",
        f"The inputs are {shape_list(inputs)}, but Add needs equal shapes, and these differ in "
        "size. Reduce the larger one to the size of the smaller.",
        merge_repairs.equalise(inputs),
        port=INPUTS,
        short=input_difference(inputs),
    )


def _axes_mismatch(title: str, inputs: tuple[Signal, ...]) -> Problem:
    return layer_error(
        "shape-mismatch",
        f"{title} cannot join {shape_list(inputs)}",
        f"The inputs are {shape_list(inputs)}, but {title} needs equal numbers of axes. Flatten "
        "the larger ones, or wire it to layers with equal shapes.",
        merge_repairs.flatten_and_equalise(inputs),
        port=INPUTS,
        short=input_difference(inputs),
    )


def _is_per_channel(inputs: tuple[Signal, ...]) -> bool:
    """Whether all have one shape, or one number for each channel of it, as a time embedding has.

    A sequence has its steps where maps have channels: one number per step is probably a mistake.
    """
    largest = max(inputs, key=lambda signal: math.prod(signal.shape)).shape
    single = (largest[0], *[1] * (len(largest) - 1))
    if any(signal.meaning in {"sequence", "tokens"} for signal in inputs):
        return False
    return all(signal.shape in {largest, single} for signal in inputs)


def _broadcast_hint(inputs: tuple[Signal, ...]) -> Problem:
    return layer_hint(
        "stretched",
        f"Add broadcasts {shape_list(inputs)}",
        f"The inputs are {shape_list(inputs)}; axes of size 1 are broadcast. If that is not "
        "intended, wire inputs of equal shape.",
        short="broadcast",
    )


@dataclass(frozen=True, eq=False, repr=False)
class Multiply(Merge):
    """Product of its inputs."""

    name: ClassVar[str] = "multiply"
    title: ClassVar[str] = "Multiply"
    summary: ClassVar[str] = "Multiplies several inputs number by number"
    explanation: ClassVar[str] = (
        "Multiplies its inputs position by position. With numbers between 0 and 1 on one wire it "
        "works like a row of dimmers: a second branch decides how much of the first may pass. "
        "Axes of size 1 are broadcast, so that one number per channel can dim the whole channel."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i><sub>1</sub> · <i>x</i><sub>2</sub> · … · <i>x<sub>n</sub></i>"
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        inputs = signals[INPUTS]
        if len({len(signal.shape) for signal in inputs}) > 1:
            yield _axes_mismatch(self.title, inputs)
        elif not can_broadcast(inputs):
            yield layer_error(
                "shape-mismatch",
                f"Multiply cannot join {shape_list(inputs)}",
                f"The inputs are {shape_list(inputs)}, but Multiply needs equal sizes; only sizes "
                "of 1 are broadcast. Give all of them the same shape.",
                merge_repairs.equalise(inputs),
                port=INPUTS,
                short=input_difference(inputs),
            )


@dataclass(frozen=True, eq=False, repr=False)
class AxisMerge(Merge):
    """Base class of layers that combine inputs along an axis."""

    axis: int

    def card_summary(self) -> str:
        return "" if self.axis == 0 else f"axis {self.axis}"


@dataclass(frozen=True, eq=False, repr=False)
class Concatenate(AxisMerge):
    """Concatenation of its inputs along an axis."""

    name: ClassVar[str] = "concatenate"
    title: ClassVar[str] = "Concatenate"
    summary: ClassVar[str] = "Joins several inputs along an axis"
    explanation: ClassVar[str] = (
        "Puts its inputs side by side, like reports stapled together: nothing is mixed, and the "
        "next layer decides what to use. Images are stacked along their channels and need equal "
        "height and width; lists of features simply become one longer list."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = [<i>x</i><sub>1</sub>, <i>x</i><sub>2</sub>, …, <i>x<sub>n</sub></i>]"
    )

    axis: int = setting(
        axis_setting(
            "The axis of a sample that grows: 0 is the first, the channels of an image; −1 is the "
            "last."
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        inputs = signals[INPUTS]
        rank = len(inputs[0].shape)
        if len({len(signal.shape) for signal in inputs}) > 1:
            yield _axes_mismatch(self.title, inputs)
        elif not rank:
            yield layer_error(
                "axis-missing",
                "Single numbers have no axis to join along",
                "All inputs are single numbers. Insert a Reshape to 1 on each wire, which makes "
                "them lists of one.",
                merge_repairs.scalars_to_vectors(inputs) if self.axis in (0, -1) else (),
                port=INPUTS,
                short="single numbers",
            )
        elif not -rank <= self.axis < rank:
            yield layer_error(
                "axis-missing",
                f"{inputs[0].text()} has no axis {self.axis}",
                f"Concatenate is set to axis {self.axis}, but {inputs[0].text()} only has the axes "
                f"0…{rank - 1}. Choose one of them.",
                (change("Join along the first axis", axis=0),),
                port=INPUTS,
                short=short_enough(f"no axis {self.axis}", "no such axis"),
            )
        else:
            yield from self._size_problems(inputs, self.axis % rank)

    def _size_problems(self, inputs: tuple[Signal, ...], axis: int) -> Iterator[Problem]:
        rank = len(inputs[0].shape)
        differing = [i for i in range(rank) if len({signal.shape[i] for signal in inputs}) > 1]
        if set(differing) <= {axis}:
            return
        repairs = (
            [change(f"Join along axis {differing[0]}", axis=differing[0])]
            if len(differing) == 1
            else []
        )
        flat = merge_repairs.flatten_all(inputs) if self.axis in (0, -1) else ()
        if rank == 3 and axis == 0:
            yield layer_error(
                "spatial-mismatch",
                f"Concatenate cannot stack {shape_list(inputs)}",
                f"The inputs are {shape_list(inputs)}, but to be stacked along their channels they "
                "need equal height and width. Pool the larger ones to the size of the smallest.",
                (*merge_repairs.pool_to_smallest(inputs), *flat, *repairs),
                port=INPUTS,
                short=input_difference(inputs, axis),
            )
        else:
            yield layer_error(
                "shape-mismatch",
                f"Concatenate cannot join {shape_list(inputs)}",
                f"The inputs are {shape_list(inputs)}, but only axis {self.axis} may differ. Join "
                "along another axis, or make the other sizes equal.",
                (*repairs, *flat),
                port=INPUTS,
                short=input_difference(inputs, axis),
            )


@dataclass(frozen=True, eq=False, repr=False)
class Stack(AxisMerge):
    """Its inputs along a new axis."""

    name: ClassVar[str] = "stack"
    title: ClassVar[str] = "Stack"
    summary: ClassVar[str] = "Stacks several inputs along a new axis"
    explanation: ClassVar[str] = (
        "Puts inputs of the same shape one after the other along a new axis, like cards in a box: "
        "three rows of 8 become a table of 3×8. Nothing is mixed. Concatenate makes an existing "
        "axis longer; Stack adds one."
    )
    formula: ClassVar[str] = "<i>y</i>[<i>i</i>] = <i>x<sub>i</sub></i>"

    axis: int = setting(axis_setting(NEW_AXIS))

    def check(self, signals: Signals) -> Iterator[Problem]:
        inputs = signals[INPUTS]
        rank = len(inputs[0].shape) + 1
        if len({len(signal.shape) for signal in inputs}) > 1:
            yield _axes_mismatch(self.title, inputs)
        elif len({signal.shape for signal in inputs}) > 1:
            yield layer_error(
                "shape-mismatch",
                f"Stack cannot join {shape_list(inputs)}",
                f"The inputs are {shape_list(inputs)}, but Stack needs equal shapes. Give all of "
                "them the same shape.",
                merge_repairs.equalise(inputs),
                port=INPUTS,
                short=input_difference(inputs),
            )
        elif not -rank <= self.axis < rank:
            yield layer_error(
                "axis-missing",
                f"{inputs[0].text()} has no position for axis {self.axis}",
                f"Stack is set to a new axis {self.axis}, but for {inputs[0].text()} it must be "
                f"one of 0…{rank - 1}. Choose one of them.",
                (change("Put the new axis first", axis=0),),
                port=INPUTS,
                short=short_enough(f"no axis {self.axis}", "no such axis"),
            )

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "")


def can_broadcast(inputs: tuple[Signal, ...]) -> bool:
    """Whether on each axis all sizes are the same or 1."""
    return all(
        len(set(sizes) - {1}) <= 1
        for sizes in zip(*(signal.shape for signal in inputs), strict=True)
    )


def shape_list(inputs: tuple[Signal, ...]) -> str:
    """Return shapes as text: `16×14×14 and 32×14×14`."""
    shapes = [signal.text() for signal in inputs]
    return f"{', '.join(shapes[:-1])} and {shapes[-1]}"


KINDS: tuple[type[LayerKind], ...] = (Add, Multiply, Concatenate, Stack)
"""In the palette's order."""
