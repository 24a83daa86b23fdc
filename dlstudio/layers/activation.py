"""Layers that bend: without them a stack of layers would be one straight line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.problems import Problem
from dlstudio.design.signals import Shape
from dlstudio.layers.kind import Call, Kind, Signals
from dlstudio.layers.mistakes import REMOVE, change, error, insert, wrong_dtype
from dlstudio.layers.settings import Choice, Number, Whole, declare

ANY = ("float32", "int64", "int32", "uint8", "bool")


@dataclass(frozen=True)
class Activation(Kind):
    """What all activations share: number by number, the shape stays."""

    category: ClassVar[str] = "activation"
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a type that torch has no such function for."""
        (signal,) = signals["input"]
        if signal.dtype not in self.dtypes:
            yield wrong_dtype(
                self.title,
                signal,
                "real numbers (float32)",
                "Choose a normalisation in the data settings, or remove the layer.",
                (REMOVE,),
            )

    def call(self, signals: Signals) -> Call:
        """Return the torch module of the same name with every setting."""
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True)
class ReLU(Activation):
    """Negative numbers become 0."""

    name: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "Keeps what is positive, drops the rest"
    explanation: ClassVar[str] = (
        "Lets positive numbers pass and turns negative ones into 0, like a valve that opens one "
        "way only. This small kink is what lets a stack of layers draw curved boundaries; without "
        "it, all layers together could do no more than a single one."
    )
    formula: ClassVar[str] = "<i>y</i> = max(0, <i>x</i>)"


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Negative numbers become small."""

    name: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "LeakyReLU"
    summary: ClassVar[str] = "ReLU that lets a little of the negative through"
    explanation: ClassVar[str] = (
        "Like ReLU, but the valve leaks: negative numbers pass strongly reduced instead of not at "
        "all. A neuron that always got negative sums would be silent under ReLU and could never "
        "learn again; here a small signal remains to pull it back."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> if <i>x</i> ≥ 0, else <i>a x</i>"

    negative_slope: float = declare(
        Number(
            title="Negative slope",
            help="How much of a negative number passes: 0.01 is one hundredth.",
            default=0.01,
            minimum=-100.0,
            maximum=100.0,
        )
    )

    def telling(self) -> str:
        """Return the slope."""
        return f"{self.negative_slope:g}"


@dataclass(frozen=True)
class ELU(Activation):
    """Negative numbers level off."""

    name: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    summary: ClassVar[str] = "ReLU with a soft floor below zero"
    explanation: ClassVar[str] = (
        "Positive numbers pass unchanged; negative ones bend smoothly towards a floor, like a "
        "slope that runs out into a plain. The bend is soft instead of sharp, and the mean of the "
        "outputs stays nearer to 0, which helps the layers behind."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i> if <i>x</i> > 0, else α (e<sup><i>x</i></sup> − 1)"
    )

    alpha: float = declare(
        Number(
            title="Alpha",
            help="How deep the floor lies: large negative numbers end up at −alpha.",
            default=1.0,
            minimum=0.0,
            maximum=100.0,
        )
    )

    def telling(self) -> str:
        """Return alpha where it is not 1."""
        return "" if self.alpha == 1.0 else f"{self.alpha:g}"


@dataclass(frozen=True)
class GELU(Activation):
    """Gate by the normal distribution."""

    name: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    summary: ClassVar[str] = "A smooth ReLU, usual in language models"
    explanation: ClassVar[str] = (
        "Multiplies each number by the probability that a random number from a bell curve is "
        "smaller. Clearly positive numbers pass, clearly negative ones vanish, those in between "
        "pass in part, like a door that opens the wider the harder one pushes. Language models "
        "such as GPT use it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> Φ(<i>x</i>)"

    approximate: str = declare(
        Choice(
            title="Approximation",
            help="none computes it exactly; tanh is a little faster and what GPT-2 used.",
            default="none",
            options=("none", "tanh"),
            advanced=True,
        )
    )


@dataclass(frozen=True)
class SiLU(Activation):
    """Gate by the sigmoid."""

    name: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    summary: ClassVar[str] = "A smooth ReLU, also called Swish"
    explanation: ClassVar[str] = (
        "Multiplies each number by its own sigmoid: the number decides itself how far its gate "
        "opens. Large numbers pass, very negative ones vanish, and just below 0 it dips a little. "
        "It is smooth everywhere, like a ramp instead of a step; diffusion models use it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> / (1 + e<sup>−<i>x</i></sup>)"


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Squeeze between 0 and 1."""

    name: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    dtypes: ClassVar[tuple[str, ...]] = ANY
    summary: ClassVar[str] = "Squeezes any number between 0 and 1"
    explanation: ClassVar[str] = (
        "Bends the whole number line into an S between 0 and 1: very negative becomes nearly 0, "
        "very positive nearly 1, and 0 becomes one half. The result reads like a probability or "
        "like a dimmer between off and on. Far out the curve is flat, so deep stacks of it learn "
        "slowly."
    )
    formula: ClassVar[str] = "<i>y</i> = 1 / (1 + e<sup>−<i>x</i></sup>)"


@dataclass(frozen=True)
class Tanh(Activation):
    """Squeeze between -1 and 1."""

    name: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    dtypes: ClassVar[tuple[str, ...]] = ANY
    summary: ClassVar[str] = "Squeezes any number between −1 and 1"
    explanation: ClassVar[str] = (
        "Bends the whole number line into an S between −1 and 1, with 0 staying 0, like a seat "
        "belt that gives way at first and then holds. Since its outputs lie around 0 it learns "
        "more easily than sigmoid; generators use it for their last layer, as pictures from −1 to "
        "1."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = (e<sup><i>x</i></sup> − e<sup>−<i>x</i></sup>) / "
        "(e<sup><i>x</i></sup> + e<sup>−<i>x</i></sup>)"
    )


@dataclass(frozen=True)
class Softmax(Activation):
    """Scores become shares."""

    name: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    summary: ClassVar[str] = "Turns scores into shares that add up to 1"
    explanation: ClassVar[str] = (
        "Turns a list of scores into probabilities: all positive, together exactly 1, like slices "
        "of one cake. The largest score gets by far the largest slice, but nobody gets none. "
        "The cross-entropy loss already contains it, so a classifier that is being trained "
        "needs none before its Output."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>i</sub></i> = e<sup><i>x<sub>i</sub></i></sup> / "
        "Σ<sub><i>j</i></sub> e<sup><i>x<sub>j</sub></i></sup>"
    )

    axis: int = declare(
        Whole(
            title="Axis",
            help="Along which axis of a sample the shares add up to 1: 0 is the first, −1 the "
            "last.",
            default=-1,
            minimum=-8,
            maximum=7,
            advanced=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a wrong type and an axis that the input lacks."""
        (signal,) = signals["input"]
        rank = len(signal.shape)
        if rank == 0:
            yield error(
                "wrong-rank",
                "Softmax needs at least one axis",
                "Softmax shares 1 among several scores, but a single number arrives. Remove it, or "
                "use a Sigmoid.",
                (REMOVE, insert("Insert Reshape to 1", "reshape", {"shape": (1,)})),
            )
        elif not -rank <= self.axis < rank:
            yield error(
                "axis-missing",
                f"{signal.text()} has no axis {self.axis}",
                f"Softmax shall work along axis {self.axis}, but {signal.text()} has the axes "
                f"0…{rank - 1}. Choose one of them; −1 is always the last.",
                (change("Use the last axis", axis=-1),),
            )
        yield from super().check(signals)

    def call(self, signals: Signals) -> Call:
        """Return torch's Softmax, whose axes count the batch."""
        return Call("torch.nn.Softmax", {"dim": self.axis + 1 if self.axis >= 0 else self.axis})

    def meaning(self, signals: Signals, shape: Shape) -> str:
        """Return scores for a plain list."""
        return "scores" if len(shape) == 1 else super().meaning(signals, shape)


KINDS: tuple[type[Kind], ...] = (ReLU, LeakyReLU, ELU, GELU, SiLU, Sigmoid, Tanh, Softmax)
"""In the palette's order."""
