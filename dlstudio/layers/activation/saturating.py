"""Activations with a limited range: sigmoids, the step function and softmax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Shape
from dlstudio.layers.activation.rectifiers import Activation
from dlstudio.layers.framework.axis_layers import (
    axis_summary,
    batched_axis,
    last_axis_setting,
    needs_axis,
)
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import ALL_DTYPES, change, layer_hint
from dlstudio.layers.framework.settings import Choice, Real, setting


@dataclass(frozen=True, eq=False, repr=False)
class Sigmoid(Activation):
    """`torch.nn.Sigmoid`."""

    name: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    dtypes: ClassVar[tuple[str, ...]] = ALL_DTYPES
    summary: ClassVar[str] = "Squeezes any number between 0 and 1"
    explanation: ClassVar[str] = (
        "Bends the whole number line into an S between 0 and 1: very negative becomes nearly 0, "
        "very positive nearly 1, and 0 becomes one half. The result reads like a probability or "
        "like a dimmer between off and on. Far from 0 the curve is flat, so deep stacks of it "
        "learn slowly."
    )
    formula: ClassVar[str] = "<i>y</i> = 1 / (1 + e<sup>−<i>x</i></sup>)"


@dataclass(frozen=True, eq=False, repr=False)
class Hardsigmoid(Activation):
    """`torch.nn.Hardsigmoid`."""

    name: ClassVar[str] = "hardsigmoid"
    title: ClassVar[str] = "Hardsigmoid"
    summary: ClassVar[str] = "Sigmoid drawn with a ruler, for small devices"
    explanation: ClassVar[str] = (
        "A sigmoid made of three straight pieces: 0 below −3, 1 above 3, a ramp between them, "
        "like a lift between two floors. It needs no exponential and is fast on small devices. On "
        "the two floors the gradient is exactly 0, so a number out there no longer learns."
    )
    formula: ClassVar[str] = "<i>y</i> = min(max(0, <i>x</i> + 3), 6) / 6"


@dataclass(frozen=True, eq=False, repr=False)
class Tanh(Activation):
    """`torch.nn.Tanh`."""

    name: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    dtypes: ClassVar[tuple[str, ...]] = ALL_DTYPES
    summary: ClassVar[str] = "Squeezes any number between −1 and 1"
    explanation: ClassVar[str] = (
        "Bends the whole number line into an S between −1 and 1, with 0 staying 0, like a seat "
        "belt that gives way at first and then holds. Since its outputs lie around 0 it learns "
        "more easily than sigmoid; generators use it for their last layer, as images from −1 to "
        "1."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = (e<sup><i>x</i></sup> − e<sup>−<i>x</i></sup>) / "
        "(e<sup><i>x</i></sup> + e<sup>−<i>x</i></sup>)"
    )


@dataclass(frozen=True, eq=False, repr=False)
class Softsign(Activation):
    """`torch.nn.Softsign`."""

    name: ClassVar[str] = "softsign"
    title: ClassVar[str] = "Softsign"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "A tanh that reaches its ends more slowly"
    explanation: ClassVar[str] = (
        "Squeezes any number between −1 and 1 like tanh, but approaches the ends much more slowly, "
        "like a spring that becomes stiffer the further it is pressed. Large numbers therefore "
        "keep a small gradient and go on learning."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> / (1 + |<i>x</i>|)"


@dataclass(frozen=True, eq=False, repr=False)
class Step(Activation):
    """The step function of McCulloch and Pitts."""

    name: ClassVar[str] = "step"
    title: ClassVar[str] = "Step"
    dtypes: ClassVar[tuple[str, ...]] = ALL_DTYPES
    summary: ClassVar[str] = "Outputs 1 from a threshold on, otherwise 0"
    explanation: ClassVar[str] = (
        "The neuron that McCulloch and Pitts described in 1943: it fires with 1 when its number "
        "reaches the threshold, and stays at 0 below, like a light switch. It is flat on both "
        "sides, so its gradient is 0 and the layers before it cannot learn: set their weights by "
        "hand. The setting straight-through treats it as a straight line in the backward pass, "
        "which lets them learn after all."
    )
    formula: ClassVar[str] = "<i>y</i> = 1 if <i>x</i> ≥ <i>θ</i>, else 0"

    threshold: float = setting(
        Real(
            title="Threshold",
            help="The neuron fires from this number on.",
            default=0.0,
            minimum=-1e6,
            maximum=1e6,
        )
    )
    gradient: str = setting(
        Choice(
            title="Gradient",
            help="zero is the true gradient, and nothing before it learns; straight-through "
            "passes the gradient back unchanged.",
            default="zero",
            options=("zero", "straight-through"),
        )
    )

    def card_summary(self) -> str:
        return f"≥ {self.threshold:g}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        yield from super().check(signals)
        if self.gradient == "zero" and signal.dtype == "float32":
            yield layer_hint(
                "no-gradient",
                "Nothing before a Step learns",
                "A step is flat on both sides, so its gradient is 0 and training does not change "
                "the weights before it. That is fine if they are set by hand; otherwise let the "
                "gradient straight through, or use a Sigmoid.",
                (change("Let the gradient straight through", gradient="straight-through"),),
                short="no gradient",
            )

    def call(self, signals: Signals) -> Call:
        return Call(
            "dlstudio.network.modules.activations.Step",
            {"threshold": self.threshold, "gradient": self.gradient},
        )


@dataclass(frozen=True, eq=False, repr=False)
class SoftmaxFamily(Activation):
    """Base class of softmax and its logarithm."""

    axis: int = setting(
        last_axis_setting(
            "The axis of a sample along which the results add up to 1: 0 is the first, −1 the last."
        )
    )

    def card_summary(self) -> str:
        return axis_summary(self.axis)

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from needs_axis(self.title, signals["input"][0], self.axis)
        yield from super().check(signals)

    def call(self, signals: Signals) -> Call:
        return Call(f"torch.nn.{self.title}", {"dim": batched_axis(self.axis)})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "scores" if len(shape) == 1 else super().axes_meaning(signals, shape)


@dataclass(frozen=True, eq=False, repr=False)
class Softmax(SoftmaxFamily):
    """`torch.nn.Softmax`."""

    name: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    summary: ClassVar[str] = "Turns scores into probabilities"
    explanation: ClassVar[str] = (
        "Turns a list of scores into probabilities: all positive, together exactly 1, like slices "
        "of one cake. The largest score gets by far the largest slice, but nobody gets none. The "
        "cross-entropy loss already contains it, so a classifier that is being trained needs none "
        "before its Output."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>i</sub></i> = e<sup><i>x<sub>i</sub></i></sup> / "
        "Σ<sub><i>j</i></sub> e<sup><i>x<sub>j</sub></i></sup>"
    )


@dataclass(frozen=True, eq=False, repr=False)
class LogSoftmax(SoftmaxFamily):
    """`torch.nn.LogSoftmax`."""

    name: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "LogSoftmax"
    summary: ClassVar[str] = "The logarithms of softmax probabilities"
    explanation: ClassVar[str] = (
        "Turns scores into probabilities and takes their logarithms: 0 stands for certain, −2.3 "
        "for one in ten, −4.6 for one in a hundred, as the scale of earthquakes makes huge and "
        "tiny comparable. It is more accurate than a Softmax followed by a logarithm. The "
        "cross-entropy loss already contains it, so a classifier that is being trained needs "
        "none."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>i</sub></i> = <i>x<sub>i</sub></i> − "
        "ln Σ<sub><i>j</i></sub> e<sup><i>x<sub>j</sub></i></sup>"
    )


KINDS: tuple[type[LayerKind], ...] = (
    Sigmoid,
    Hardsigmoid,
    Tanh,
    Softsign,
    Step,
    Softmax,
    LogSoftmax,
)
"""In the palette's order."""

BOUNDED = (Sigmoid, Hardsigmoid, Tanh, Softsign, Step)
"""Kinds whose values lie in a fixed range."""
