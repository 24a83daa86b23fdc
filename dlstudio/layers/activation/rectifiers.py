"""Layers that bend, without which a stack of layers were one straight line: the rectifiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.input_checks import needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import REMOVE, change, error
from dlstudio.layers.framework.settings import Boolean, Choice, Real, setting
from dlstudio.layers.framework.weighted import Weighted


@dataclass(frozen=True, eq=False, repr=False)
class Activation(LayerKind):
    """What nearly all activations share: the shape stays."""

    category: ClassVar[str] = "activation"
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a type that torch has no such function for."""
        (signal,) = signals["input"]
        if signal.dtype not in self.dtypes:
            yield from needs_real(self.title, signal)

    def call(self, signals: Signals) -> Call:
        """Return the torch module of the same name with every setting."""
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True, eq=False, repr=False)
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


@dataclass(frozen=True, eq=False, repr=False)
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

    negative_slope: float = setting(
        Real(
            title="Negative slope",
            help="How much of a negative number passes: 0.01 is one hundredth.",
            default=0.01,
            minimum=-100.0,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        """Return the slope."""
        return f"{self.negative_slope:g}"


@dataclass(frozen=True, eq=False, repr=False)
class PReLU(Activation, Weighted):
    """The slope of negative numbers is learnt."""

    name: ClassVar[str] = "prelu"
    title: ClassVar[str] = "PReLU"
    summary: ClassVar[str] = "LeakyReLU that learns how much leaks"
    explanation: ClassVar[str] = (
        "Like LeakyReLU, but how much of a negative number passes is learnt instead of chosen, "
        "like a valve that training turns to where it works best. All numbers share one slope, or "
        "each channel has its own."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> if <i>x</i> ≥ 0, else <i>a x</i>, <i>a</i> learnt"

    init: float = setting(
        Real(
            title="First slope",
            help="How much of a negative number passes before anything is learnt.",
            default=0.25,
            minimum=-100.0,
            maximum=100.0,
        )
    )
    per_channel: bool = setting(
        Boolean(
            title="One slope per channel",
            help="Lets each channel or feature learn a slope of its own; off, all share one.",
            default=False,
        )
    )
    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="How the slope starts: at the first slope (default), or at 0, which is a ReLU.",
            default="default",
            options=("default", "zero"),
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a wrong type and channels that are not there."""
        (signal,) = signals["input"]
        if self.per_channel and not signal.shape:
            yield error(
                "wrong-rank",
                "A single number has no channels",
                "PReLU shall learn one slope per channel, but a single number arrives. Let all "
                "numbers share one slope.",
                (change("Share one slope", per_channel=False), REMOVE),
            )
        yield from super().check(signals)

    def call(self, signals: Signals) -> Call:
        """Return torch's PReLU with one slope, or one for each entry of the first axis."""
        count = signals["input"][0].shape[0] if self.per_channel else 1
        return Call("torch.nn.PReLU", {"num_parameters": count, "init": self.init})


@dataclass(frozen=True, eq=False, repr=False)
class ReLU6(Activation):
    """Between 0 and 6."""

    name: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "ReLU that never goes above 6"
    explanation: ClassVar[str] = (
        "Like ReLU, but what is larger than 6 becomes 6, like a bucket that is either empty, "
        "partly full or full to the brim. Numbers with a known end can be stored with few bits, "
        "which is why networks for telephones such as MobileNet use it."
    )
    formula: ClassVar[str] = "<i>y</i> = min(max(0, <i>x</i>), 6)"


@dataclass(frozen=True, eq=False, repr=False)
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

    alpha: float = setting(
        Real(
            title="Alpha",
            help="How deep the floor lies: large negative numbers end up at −alpha.",
            default=1.0,
            minimum=0.0,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        """Return alpha where it is not 1."""
        return "" if self.alpha == 1.0 else f"{self.alpha:g}"


@dataclass(frozen=True, eq=False, repr=False)
class SELU(Activation):
    """ELU that keeps mean and spread."""

    name: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    summary: ClassVar[str] = "ELU that keeps mean 0 and spread 1 by itself"
    explanation: ClassVar[str] = (
        "An ELU stretched by exactly the right factor: what comes in with mean 0 and spread 1 "
        "leaves so again, layer after layer, like a thermostat that always returns to the same "
        "temperature. Plain stacks of Linear layers then learn without norms. It needs "
        "normalised data, and AlphaDropout instead of Dropout."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = λ <i>x</i> if <i>x</i> > 0, else λ α (e<sup><i>x</i></sup> − 1), "
        "λ ≈ 1.051, α ≈ 1.673"
    )


@dataclass(frozen=True, eq=False, repr=False)
class CELU(Activation):
    """ELU without a kink."""

    name: ClassVar[str] = "celu"
    title: ClassVar[str] = "CELU"
    summary: ClassVar[str] = "ELU that stays smooth for every alpha"
    explanation: ClassVar[str] = (
        "Positive numbers pass unchanged; negative ones bend towards a floor at −alpha. Unlike "
        "ELU it has no kink at 0 whatever alpha is: the deeper the floor, the longer the way "
        "down, like a slide that is always level with the platform where it starts."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i> if <i>x</i> > 0, else α (e<sup><i>x</i>/α</sup> − 1)"
    )

    alpha: float = setting(
        Real(
            title="Alpha",
            help="How deep the floor lies, and how long the bend towards it is.",
            default=1.0,
            minimum=0.01,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        """Return alpha where it is not 1."""
        return "" if self.alpha == 1.0 else f"{self.alpha:g}"


@dataclass(frozen=True, eq=False, repr=False)
class Softplus(Activation):
    """A rounded ReLU."""

    name: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    summary: ClassVar[str] = "A ReLU with a rounded corner, always positive"
    explanation: ClassVar[str] = (
        "Looks like ReLU from afar, but its corner is rounded and the result never quite reaches "
        "0, like a ball that rolls out instead of stopping dead. It is used where the answer must "
        "be positive, such as a width or a speed."
    )
    formula: ClassVar[str] = "<i>y</i> = ln(1 + e<sup>β<i>x</i></sup>) / β"

    beta: float = setting(
        Real(
            title="Beta",
            help="How sharp the corner is: the larger, the more like ReLU.",
            default=1.0,
            minimum=0.01,
            maximum=100.0,
        )
    )
    threshold: float = setting(
        Real(
            title="Threshold",
            help="From here on beta times the number is taken to be so large that it passes as it "
            "is.",
            default=20.0,
            minimum=0.0,
            maximum=80.0,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        """Return beta where it is not 1."""
        return "" if self.beta == 1.0 else f"{self.beta:g}"


KINDS: tuple[type[LayerKind], ...] = (ReLU, LeakyReLU, PReLU, ReLU6, ELU, SELU, CELU, Softplus)
"""In the palette's order."""
