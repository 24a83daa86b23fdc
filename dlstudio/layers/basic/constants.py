"""Layers that bring values of their own, learnt ones or fixed ones, and those that scale."""

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
    error,
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
    """Length 1."""

    name: ClassVar[str] = "l2_normalise"
    title: ClassVar[str] = "L2Normalise"
    category: ClassVar[str] = "normalisation"
    module: ClassVar[str] = MODULE
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)
    summary: ClassVar[str] = "Gives every vector the length 1"
    explanation: ClassVar[str] = (
        "Divides a vector by its length, so that only the direction is left, like the needle of a "
        "compass that is as long as any other. Two such vectors are compared by a simple product. "
        "Networks that place images or words on a map end with it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> / max(‖<i>x</i>‖<sub>2</sub>, ε)"

    axis: int = setting(
        axis_setting(
            "The axis of a sample along which a vector lies: −1 is the last, 0 the first, the "
            "channels of an image.",
            default=-1,
        )
    )
    eps: float = setting(
        Real(
            title="Epsilon",
            help="A tiny number below which no length falls, so that nothing is divided by 0.",
            default=1e-12,
            minimum=1e-12,
            maximum=1.0,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        """Return the axis where it is not the last."""
        return "" if self.axis == -1 else super().card_summary()


@dataclass(frozen=True, eq=False, repr=False)
class Scale(LearnedValues):
    """Learnt factors."""

    name: ClassVar[str] = "scale"
    title: ClassVar[str] = "Scale"
    category: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = "Multiplies with learnt factors"
    explanation: ClassVar[str] = (
        "Multiplies every feature or channel with a factor of its own that is learnt, like the "
        "sliders of a mixing desk. Started near 0 at the end of a residual branch, known as "
        "LayerScale, it lets a deep network begin almost without its branches and turn them up "
        "one by one. Left without an axis, one factor serves all numbers."
    )
    formula: ClassVar[str] = "<i>y<sub>c</sub></i> = γ<sub><i>c</i></sub> <i>x<sub>c</sub></i>"

    axis: int | None = setting(
        axis_setting(
            "The axis of a sample that has one factor for each place: −1 is the last, the "
            "features; 0 is the first, the channels of an image; left empty, one factor for all.",
            default=-1,
            optional=True,
        )
    )
    initial: float = setting(
        Real(
            title="Initial value",
            help="What every factor is before training: 1 changes nothing, 0.0001 is usual for "
            "LayerScale.",
            default=1.0,
            minimum=-1e6,
            maximum=1e6,
        )
    )

    def card_summary(self) -> str:
        """Return the initial value where it is not 1."""
        return "" if self.initial == 1.0 else f"{self.initial:g}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a missing axis."""
        problem = missing_axis_problem(self, signals["input"][0], self.axis)
        if problem:
            yield problem

    def call(self, signals: Signals) -> Call:
        """Return our Scale with as many factors as the axis has places."""
        (signal,) = signals["input"]
        features = 1 if self.axis is None else signal.shape[self.axis]
        return custom_call(self, MODULE, num_features=features)


@dataclass(frozen=True, eq=False, repr=False)
class Shift(LearnedValues):
    """One step later."""

    name: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift"
    category: ClassVar[str] = "merge"
    summary: ClassVar[str] = "Moves a sequence one step on, behind a start"
    explanation: ClassVar[str] = (
        "Moves every step of a sequence one place on; a start goes in front and the last step "
        "falls out. A decoder that gets the right answer so shifted sees at each place only what "
        "came before, like a pupil who is told the last word and must say the next. This is called "
        "teacher forcing."
    )
    formula: ClassVar[str] = (
        "<i>y</i><sub>1</sub> = <i>s</i>, "
        "<i>y<sub>t</sub></i> = <i>x</i><sub><i>t</i> − 1</sub> for <i>t</i> > 1"
    )

    learned: bool = setting(
        Boolean(
            title="Learn the start",
            help="Whether what stands in front is learnt; switched off, it is 0, as integers "
            "need it.",
            default=True,
        )
    )

    def card_summary(self) -> str:
        """Return the start where it is not learnt."""
        return "" if self.learned else "starts with 0"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield what is no sequence, and a learnt start before integers."""
        (signal,) = signals["input"]
        if not signal.shape:
            yield error(
                "wrong-rank",
                "Shift needs a sequence",
                "Shift moves the steps of a sequence, the first axis of a sample, but a single "
                "number arrives. Wire it to a sequence, or remove it.",
                (REMOVE,),
            )
        elif self.learned and signal.dtype != "float32":
            yield wrong_dtype(
                "A learnt start",
                signal,
                "real numbers (float32)",
                "Start with 0, or put the Shift behind an Embedding.",
                (change("Start with 0", learned=False),),
            )

    def call(self, signals: Signals) -> Call:
        """Return our Shift for steps of this shape."""
        return custom_call(self, MODULE, step_shape=signals["input"][0].shape[1:])


@dataclass(frozen=True, eq=False, repr=False)
class Constant(LearnedValues):
    """A tensor of its own."""

    name: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    category: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("like", "Any wire: only the number of samples is read, never a value"),
    )
    summary: ClassVar[str] = "Gives every sample the same tensor"
    explanation: ClassVar[str] = (
        "Brings a tensor of its own into the network, the same for every sample, like the form "
        "that everyone fills in. It may be learnt: class tokens, queries and the seed of a "
        "generator are such tensors. The wire at its input only tells how many samples there are. "
        "Several rows must not start alike, so draw them by the initialisation normal."
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
            help="What every number is before training, and always where it is not learnt.",
            default=0.0,
            minimum=-1e6,
            maximum=1e6,
        )
    )
    learned: bool = setting(
        Boolean(
            title="Learnt",
            help="Whether training changes the numbers; switched off, they keep the initial value.",
            default=True,
        )
    )

    def card_summary(self) -> str:
        """Return the shape where it is short enough to read."""
        text = shape_text(self.shape)
        return text if len(text) <= 24 else f"{len(self.shape)} axes"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a shape without sizes, and one beyond any memory."""
        count = math.prod(self.shape)
        if not self.shape:
            yield setting_error(
                "The shape has no sizes",
                "Constant needs at least one size; a single number has the shape 1. Write the "
                "sizes of one sample, without the batch.",
                (change("Set the shape to 1", shape=(1,)),),
            )
        elif count > MAX_ELEMENTS:
            yield too_large("Constant", "Its tensor", count)

    def call(self, signals: Signals) -> Call:
        """Return our Constant."""
        return custom_call(self, MODULE)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        """Return what so many axes usually stand for."""
        return MEANING_BY_AXES.get(len(shape), "")


@dataclass(frozen=True, eq=False, repr=False)
class OneHot(LayerKind):
    """A row of zeros with one 1."""

    name: ClassVar[str] = "one_hot"
    title: ClassVar[str] = "OneHot"
    category: ClassVar[str] = "dense"
    summary: ClassVar[str] = "Turns each integer into a row with one 1"
    explanation: ClassVar[str] = (
        "Turns each integer into a row of zeros with a single 1 at its place, like a row of "
        "light switches of which one is on. So class 7 is not seven times class 1: no class is "
        "nearer to another. Nothing is learnt here; an Embedding learns a shorter row for each."
    )
    formula: ClassVar[str] = "<i>y<sub>k</sub></i> = 1 if <i>x</i> = <i>k</i>, else 0"

    num_classes: int = setting(
        Integer(
            title="Classes",
            help="How long each row is; the numbers are counted from 0, and one outside gives "
            "a row of zeros.",
            default=10,
        )
    )

    def card_summary(self) -> str:
        """Return the number of classes."""
        return str(self.num_classes)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield real numbers, and rows beyond any memory."""
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
        """Return our OneHot."""
        return custom_call(self, MODULE)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        """Return features for one number, a sequence for several."""
        return MEANING_BY_AXES.get(len(shape), "") if len(shape) < 3 else ""


KINDS: tuple[type[LayerKind], ...] = (OneHot, L2Normalise, Scale, Constant, Shift)
"""In the palette's order."""
