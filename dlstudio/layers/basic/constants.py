"""Constant tensors, one-hot encoding, learned factors, normalised vectors and delayed sequences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Shape
from dlstudio.layers.framework.axis_layers import AxisLayer, axis_setting, missing_axis_problem
from dlstudio.layers.framework.custom_modules import custom_call
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    INTEGER_DTYPES,
    MAX_ELEMENTS,
    REMOVE,
    change,
    layer_error,
    setting_error,
    shape_text,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.meanings import MEANING_BY_AXES
from dlstudio.layers.framework.settings import Boolean, Integer, IntegerList, Real, setting
from dlstudio.layers.framework.weighted import LearnedValues

MODULE = "values"


@dataclass(frozen=True, eq=False, repr=False)
class L2Normalise(AxisLayer):
    """`torch.nn.functional.normalize` along one axis."""

    name: ClassVar[str] = "l2_normalise"
    title: ClassVar[str] = "L2Normalise"
    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True
    module: ClassVar[str] = MODULE
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)
    summary: ClassVar[str] = "Gives every vector the length 1"
    explanation: ClassVar[str] = (
        "Divides a vector by its length, so that only its direction is left, like the needle of a "
        "compass. Two such vectors are compared by a simple product. Networks that place images "
        "or words on a map end with it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> / max(‖<i>x</i>‖<sub>2</sub>, ε)"

    axis: int = setting(
        axis_setting(
            "The axis of a sample along which a vector lies: −1 is the last; 0 is the first, the "
            "channels of an image.",
            default=-1,
        )
    )
    eps: float = setting(
        Real(
            title="Epsilon",
            help="Lower limit of the length, so that nothing is divided by 0.",
            default=1e-12,
            minimum=1e-12,
            maximum=1.0,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        return "" if self.axis == -1 else super().card_summary()


@dataclass(frozen=True, eq=False, repr=False)
class Scale(LearnedValues):
    """Learned factors, known as LayerScale."""

    name: ClassVar[str] = "scale"
    title: ClassVar[str] = "Scale"
    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True
    summary: ClassVar[str] = "Multiplies by learned factors"
    explanation: ClassVar[str] = (
        "Multiplies every feature or channel by a factor of its own that is learned, like the "
        "sliders of a mixing desk. Started near 0 at the end of a residual branch, known as "
        "LayerScale, it lets a deep network begin almost without its branches and turn them up "
        "one by one. Without an axis, one factor serves all numbers."
    )
    formula: ClassVar[str] = "<i>y<sub>c</sub></i> = γ<sub><i>c</i></sub> <i>x<sub>c</sub></i>"

    axis: int | None = setting(
        axis_setting(
            "The axis of a sample with one factor for each position: −1 is the last, the "
            "features; 0 is the first, the channels of an image; left empty, one factor for all.",
            default=-1,
            optional=True,
        )
    )
    initial: float = setting(
        Real(
            title="Initial value",
            help="Value of every factor before training: 1 changes nothing, 0.0001 is usual for "
            "deep residual networks.",
            default=1.0,
            minimum=-1e6,
            maximum=1e6,
        )
    )

    def card_summary(self) -> str:
        return "" if self.initial == 1.0 else f"{self.initial:g}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        problem = missing_axis_problem(self, signals["input"][0], self.axis)
        if problem:
            yield problem

    def call(self, signals: Signals) -> Call:
        (signal,) = signals["input"]
        features = 1 if self.axis is None else signal.shape[self.axis]
        return custom_call(self, MODULE, num_features=features)


@dataclass(frozen=True, eq=False, repr=False)
class Shift(LearnedValues):
    """A sequence delayed by one step."""

    name: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift"
    category: ClassVar[str] = "merge"
    keeps_width: ClassVar[bool] = True
    summary: ClassVar[str] = "Shifts a sequence by one step"
    explanation: ClassVar[str] = (
        "Moves every step of a sequence one position later; a start value goes in front and the "
        "last step is dropped. A decoder that receives the right answer shifted in this way sees "
        "at each position only what came before, like a pupil who is told the last word and must "
        "say the next. This is called teacher forcing."
    )
    formula: ClassVar[str] = (
        "<i>y</i><sub>1</sub> = <i>s</i>, "
        "<i>y<sub>t</sub></i> = <i>x</i><sub><i>t</i> − 1</sub> for <i>t</i> > 1"
    )

    learned: bool = setting(
        Boolean(
            title="Learn the start",
            help="Whether the start value is learned; otherwise it is 0, as integers require.",
            default=True,
        )
    )

    def card_summary(self) -> str:
        return "" if self.learned else "starts with 0"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if not signal.shape:
            yield layer_error(
                "wrong-rank",
                "Shift needs a sequence",
                "Shift moves the steps of a sequence, the first axis of a sample, but the input "
                "is a single number. Wire it to a sequence, or remove it.",
                (REMOVE,),
                short="a single number",
            )
        elif self.learned and signal.dtype != "float32":
            yield wrong_dtype(
                "A learned start",
                signal,
                "real numbers (float32)",
                "Start with 0, or put the Shift after an Embedding.",
                (change("Start with 0", learned=False),),
            )

    def call(self, signals: Signals) -> Call:
        return custom_call(self, MODULE, step_shape=signals["input"][0].shape[1:])


@dataclass(frozen=True, eq=False, repr=False)
class Constant(LearnedValues):
    """A tensor that does not depend on the input."""

    name: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    category: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("like", "Any wire: only the number of samples is used, never a value"),
    )
    summary: ClassVar[str] = "Gives every sample the same tensor"
    explanation: ClassVar[str] = (
        "Adds a tensor of its own to the network, the same for every sample, like a form that "
        "everyone fills in. It can be learned: class tokens, queries and the seed of a generator "
        "are such tensors. The wire at its input only provides the number of samples. Several "
        "rows must not start equal, so use the initialisation normal."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>W</i>"

    shape: tuple[int, ...] = setting(
        IntegerList(
            title="Shape",
            help="Sizes of the tensor without the batch, such as 4, 64 for four rows.",
            default=(16,),
        )
    )
    initial: float = setting(
        Real(
            title="Initial value",
            help="Value of every number before training, and always if it is not learned.",
            default=0.0,
            minimum=-1e6,
            maximum=1e6,
        )
    )
    learned: bool = setting(
        Boolean(
            title="Learned",
            help="Whether training changes the numbers; otherwise they keep the initial value.",
            default=True,
        )
    )

    def card_summary(self) -> str:
        text = shape_text(self.shape)
        return text if len(text) <= 24 else f"{len(self.shape)} axes"

    def check(self, signals: Signals) -> Iterator[Problem]:
        count = math.prod(self.shape)
        if not self.shape:
            yield setting_error(
                "Shape without sizes",
                "Constant needs at least one size; a single number has the shape 1. Write the "
                "sizes of one sample, without the batch.",
                (change("Set the shape to 1", shape=(1,)),),
                short="no sizes",
            )
        elif count > MAX_ELEMENTS:
            yield too_large("Constant", "Its tensor", count)

    def call(self, signals: Signals) -> Call:
        return custom_call(self, MODULE)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "")


@dataclass(frozen=True, eq=False, repr=False)
class OneHot(LayerKind):
    """One-hot rows, as `torch.nn.functional.one_hot` in float32."""

    name: ClassVar[str] = "one_hot"
    title: ClassVar[str] = "OneHot"
    category: ClassVar[str] = "dense"
    summary: ClassVar[str] = "Turns each integer into a row with one 1"
    explanation: ClassVar[str] = (
        "Turns each integer into a row of zeros with a single 1 at its position, like a row of "
        "light switches of which one is on. So class 7 is not seven times class 1: no class is "
        "closer to another. Nothing is learned here; an Embedding learns a shorter row for each."
    )
    formula: ClassVar[str] = "<i>y<sub>k</sub></i> = 1 if <i>x</i> = <i>k</i>, else 0"

    num_classes: int = setting(
        Integer(
            title="Classes",
            help="Length of each row; the integers are counted from 0, and one outside gives a "
            "row of zeros.",
            default=10,
        )
    )

    def card_summary(self) -> str:
        return str(self.num_classes)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        count = math.prod(signal.shape) * self.num_classes
        if signal.dtype not in (*INTEGER_DTYPES, "bool"):
            yield wrong_dtype(
                "OneHot",
                signal,
                "integers (int64), each the number of a class",
                "Wire it to an Input with the role labels or tokens, or remove it.",
                (REMOVE,),
            )
        elif count > MAX_ELEMENTS:
            yield too_large("OneHot", "Its output", count)

    def call(self, signals: Signals) -> Call:
        return custom_call(self, MODULE)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "") if len(shape) < 3 else ""


KINDS: tuple[type[LayerKind], ...] = (OneHot, L2Normalise, Scale, Constant, Shift)
"""In the palette's order."""
