"""Rectifiers: ReLU and its relatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.input_checks import needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import REMOVE, change, layer_error
from dlstudio.layers.framework.settings import Boolean, Choice, Real, setting
from dlstudio.layers.framework.weighted import Weighted


@dataclass(frozen=True, eq=False, repr=False)
class Activation(LayerKind):
    """Base class of most activations: the output has the shape of the input."""

    category: ClassVar[str] = "activation"
    keeps_width: ClassVar[bool] = True
    dtypes: ClassVar[tuple[str, ...]] = ("float32",)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if signal.dtype not in self.dtypes:
            yield from needs_real(self.title, signal)

    def call(self, signals: Signals) -> Call:
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call(f"torch.nn.{self.title}", settings)


@dataclass(frozen=True, eq=False, repr=False)
class ReLU(Activation):
    """`torch.nn.ReLU`."""

    name: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "Keeps positive numbers, sets the others to 0"
    explanation: ClassVar[str] = (
        "Lets positive numbers pass and turns negative ones into 0, like a valve that opens one "
        "way only. This small kink is what lets a stack of layers draw curved boundaries; without "
        "it, all layers together could do no more than a single one."
    )
    formula: ClassVar[str] = "<i>y</i> = max(0, <i>x</i>)"


@dataclass(frozen=True, eq=False, repr=False)
class LeakyReLU(Activation):
    """`torch.nn.LeakyReLU`."""

    name: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "LeakyReLU"
    summary: ClassVar[str] = "ReLU that lets a little of the negative through"
    explanation: ClassVar[str] = (
        "Like ReLU, but the valve leaks: negative numbers pass strongly reduced instead of not at "
        "all. A neuron whose sums are always negative would be silent under ReLU and could never "
        "learn again; here a small signal remains to bring it back."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> if <i>x</i> ≥ 0, else <i>a x</i>"

    negative_slope: float = setting(
        Real(
            title="Negative slope",
            help="Fraction of a negative number that passes: 0.01 is one hundredth.",
            default=0.01,
            minimum=-100.0,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        return f"{self.negative_slope:g}"


@dataclass(frozen=True, eq=False, repr=False)
class PReLU(Activation, Weighted):
    """`torch.nn.PReLU`."""

    name: ClassVar[str] = "prelu"
    title: ClassVar[str] = "PReLU"
    summary: ClassVar[str] = "LeakyReLU that learns how much leaks"
    explanation: ClassVar[str] = (
        "Like LeakyReLU, but how much of a negative number passes is learned instead of chosen, "
        "like a valve that training turns to where it works best. All numbers share one slope, or "
        "each channel has its own."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i> if <i>x</i> ≥ 0, else <i>a x</i>, <i>a</i> learned"
    )

    init: float = setting(
        Real(
            title="Initial slope",
            help="Fraction of a negative number that passes before training.",
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
            help="Value before training: the initial slope (default), or 0, which is a ReLU.",
            default="default",
            options=("default", "zero"),
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if self.per_channel and not signal.shape:
            yield layer_error(
                "wrong-rank",
                "A single number has no channels",
                "PReLU is set to one slope per channel, but the input is a single number. Let all "
                "numbers share one slope.",
                (change("Share one slope", per_channel=False), REMOVE),
                short="a single number",
            )
        yield from super().check(signals)

    def call(self, signals: Signals) -> Call:
        count = signals["input"][0].shape[0] if self.per_channel else 1
        return Call("torch.nn.PReLU", {"num_parameters": count, "init": self.init})


@dataclass(frozen=True, eq=False, repr=False)
class ReLU6(Activation):
    """`torch.nn.ReLU6`."""

    name: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64", "int32", "uint8")
    summary: ClassVar[str] = "ReLU that never goes above 6"
    explanation: ClassVar[str] = (
        "Like ReLU, but what is larger than 6 becomes 6, like a bucket that is empty, partly full "
        "or full to the brim. Numbers within a known range can be stored with few bits, which is "
        "why networks for phones such as MobileNet use it."
    )
    formula: ClassVar[str] = "<i>y</i> = min(max(0, <i>x</i>), 6)"


@dataclass(frozen=True, eq=False, repr=False)
class ELU(Activation):
    """`torch.nn.ELU`."""

    name: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    summary: ClassVar[str] = "ReLU with a soft floor below zero"
    explanation: ClassVar[str] = (
        "Positive numbers pass unchanged; negative ones bend smoothly towards a floor, like a "
        "slope that runs out into a plain. The bend is soft instead of sharp, and the mean of the "
        "outputs stays closer to 0, which helps the next layers."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x</i> if <i>x</i> > 0, else α (e<sup><i>x</i></sup> − 1)"
    )

    alpha: float = setting(
        Real(
            title="Alpha",
            help="Depth of the floor: large negative numbers end up at −alpha.",
            default=1.0,
            minimum=0.0,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        return "" if self.alpha == 1.0 else f"{self.alpha:g}"


@dataclass(frozen=True, eq=False, repr=False)
class SELU(Activation):
    """`torch.nn.SELU`."""

    name: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    summary: ClassVar[str] = "ELU that preserves mean 0 and standard deviation 1"
    explanation: ClassVar[str] = (
        "An ELU scaled by exactly the right factor: numbers with mean 0 and standard deviation 1 "
        "keep both, layer after layer, like a thermostat that always returns to the same "
        "temperature. Plain stacks of Linear layers then learn without normalisation layers. It "
        "needs normalised data, and AlphaDropout instead of Dropout."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = λ <i>x</i> if <i>x</i> > 0, else λ α (e<sup><i>x</i></sup> − 1), "
        "λ ≈ 1.051, α ≈ 1.673"
    )


@dataclass(frozen=True, eq=False, repr=False)
class CELU(Activation):
    """`torch.nn.CELU`."""

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
            help="Depth of the floor, and length of the bend towards it.",
            default=1.0,
            minimum=0.01,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        return "" if self.alpha == 1.0 else f"{self.alpha:g}"


@dataclass(frozen=True, eq=False, repr=False)
class Softplus(Activation):
    """`torch.nn.Softplus`."""

    name: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    summary: ClassVar[str] = "A ReLU with a rounded corner, always positive"
    explanation: ClassVar[str] = (
        "Looks like ReLU from afar, but its corner is rounded and the result never quite reaches "
        "0, like a ball that rolls to a stop. It is used where the answer must be positive, such "
        "as a width or a speed."
    )
    formula: ClassVar[str] = "<i>y</i> = ln(1 + e<sup>β<i>x</i></sup>) / β"

    beta: float = setting(
        Real(
            title="Beta",
            help="Sharpness of the corner: larger values are closer to ReLU.",
            default=1.0,
            minimum=0.01,
            maximum=100.0,
        )
    )
    threshold: float = setting(
        Real(
            title="Threshold",
            help="Above this value of beta times the number, the number passes unchanged.",
            default=20.0,
            minimum=0.0,
            maximum=80.0,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        return "" if self.beta == 1.0 else f"{self.beta:g}"


KINDS: tuple[type[LayerKind], ...] = (ReLU, LeakyReLU, PReLU, ReLU6, ELU, SELU, CELU, Softplus)
"""In the palette's order."""
