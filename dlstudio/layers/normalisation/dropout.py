"""Dropout and noise: random changes in training, so that the network relies on no single number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.input_checks import needs_channels, needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.settings import Real, setting

OWN = "dlstudio.network.modules.noise."


@dataclass(frozen=True, eq=False, repr=False)
class NoiseLayer(LayerKind):
    """Base class: keeps the shape, and in evaluation mode also the values."""

    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True
    passes_values: ClassVar[bool] = True

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from needs_real(self.title, signals["input"][0])


@dataclass(frozen=True, eq=False, repr=False)
class Dropout(NoiseLayer):
    """`torch.nn.Dropout`."""

    name: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout"
    summary: ClassVar[str] = "Silences random values while training"
    explanation: ClassVar[str] = (
        "While training, each value is set to 0 with some probability, a different choice at "
        "every step. It is like a team in which someone is always ill: nobody can rely on one "
        "colleague, so everybody learns to cope, and the network memorises less. After training, "
        "everyone is present."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x m</i> / (1 − <i>p</i>), <i>m</i> = 0 with probability <i>p</i>, else 1"
    )

    p: float = setting(
        Real(
            title="Probability",
            help="Fraction of the values set to 0 at each step; the others are scaled up to "
            "compensate.",
            default=0.5,
            minimum=0.0,
            maximum=1.0,
        )
    )

    def card_summary(self) -> str:
        return f"{self.p:g}"

    def call(self, signals: Signals) -> Call:
        return Call(f"torch.nn.{self.title}", {"p": self.p})


@dataclass(frozen=True, eq=False, repr=False)
class ChannelDropout(Dropout):
    """Base class of dropout of whole channels."""

    formula: ClassVar[str] = (
        "<i>y<sub>c</sub></i> = <i>x<sub>c</sub> m<sub>c</sub></i> / (1 − <i>p</i>), "
        "<i>m<sub>c</sub></i> = 0 with probability <i>p</i>, else 1"
    )
    spatial_axes: ClassVar[int]
    """Number of axes after the channels."""

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        yield from needs_channels(
            self.title, signal, self.spatial_axes, "To silence single numbers use Dropout"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Dropout1d(ChannelDropout):
    """`torch.nn.Dropout1d`."""

    name: ClassVar[str] = "dropout1d"
    title: ClassVar[str] = "Dropout1d"
    summary: ClassVar[str] = "Silences random channels of series while training"
    explanation: ClassVar[str] = (
        "While training, whole channels of a series are set to 0 with some probability, a "
        "different choice at every step. Neighbouring moments are nearly equal, so losing single "
        "ones would teach little; here a whole sensor falls silent, and the network learns not to "
        "rely on any of them."
    )
    spatial_axes: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, repr=False)
class Dropout2d(ChannelDropout):
    """`torch.nn.Dropout2d`."""

    name: ClassVar[str] = "dropout2d"
    title: ClassVar[str] = "Dropout2d"
    summary: ClassVar[str] = "Silences random channels while training"
    explanation: ClassVar[str] = (
        "While training, whole channels are set to 0 with some probability, a different choice at "
        "every step. Neighbouring pixels are nearly equal, so losing single ones would teach "
        "little; here a whole map goes missing, like one camera of several, and the network "
        "learns not to rely on any of them."
    )
    spatial_axes: ClassVar[int] = 2


@dataclass(frozen=True, eq=False, repr=False)
class Dropout3d(ChannelDropout):
    """`torch.nn.Dropout3d`."""

    name: ClassVar[str] = "dropout3d"
    title: ClassVar[str] = "Dropout3d"
    summary: ClassVar[str] = "Silences random channels of volumes while training"
    explanation: ClassVar[str] = (
        "While training, whole channels of a volume or a film are set to 0 with some probability, "
        "a different choice at every step. It is like a film in which now the image and now the "
        "sound fails: each must be enough alone, so the network learns not to rely on either."
    )
    spatial_axes: ClassVar[int] = 3


@dataclass(frozen=True, eq=False, repr=False)
class AlphaDropout(Dropout):
    """`torch.nn.AlphaDropout`."""

    name: ClassVar[str] = "alpha_dropout"
    title: ClassVar[str] = "AlphaDropout"
    summary: ClassVar[str] = "The dropout that goes with SELU"
    explanation: ClassVar[str] = (
        "While training, each value is set with some probability to the lowest that SELU can "
        "give, and then all are scaled and shifted so that mean 0 and standard deviation 1 are "
        "preserved. It is like an orchestra in which some players rest and the others make up for "
        "it so well that the volume stays the same. Use it after SELU, where plain Dropout would "
        "upset that balance."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>a</i> (<i>x m</i> + α′ (1 − <i>m</i>)) + <i>b</i>, "
        "<i>m</i> = 0 with probability <i>p</i>, else 1"
    )


@dataclass(frozen=True, eq=False, repr=False)
class StochasticDepth(NoiseLayer):
    """Stochastic depth of residual branches, also known as drop path."""

    name: ClassVar[str] = "stochastic_depth"
    title: ClassVar[str] = "Stochastic depth"
    summary: ClassVar[str] = "Lets random samples skip a branch while training"
    explanation: ClassVar[str] = (
        "While training, each sample is set to 0 as a whole with some probability. "
        "Put it at the end of a residual branch, just before Add: such a sample then takes the "
        "shortcut, as a commuter train sometimes skips a stop. The network becomes less deep at "
        "random, which lets very deep ones learn; after training every branch runs. It is also "
        "known as drop path."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x m</i> / (1 − <i>p</i>), "
        "<i>m</i> = 0 with probability <i>p</i> for a whole sample, else 1"
    )

    p: float = setting(
        Real(
            title="Probability",
            help="Fraction of the samples that skip the branch at each step; the others are "
            "scaled up to compensate.",
            default=0.1,
            minimum=0.0,
            maximum=1.0,
        )
    )

    def card_summary(self) -> str:
        return f"{self.p:g}"

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}StochasticDepth", {"p": self.p})


@dataclass(frozen=True, eq=False, repr=False)
class GaussianNoise(NoiseLayer):
    """Additive Gaussian noise in training."""

    name: ClassVar[str] = "gaussian_noise"
    title: ClassVar[str] = "Gaussian noise"
    summary: ClassVar[str] = "Adds random noise while training"
    explanation: ClassVar[str] = (
        "While training, a small random number from a bell curve is added to each value, a "
        "different one at every step. It is like learning to understand speech in a noisy café: "
        "whoever manages there listens to what matters and not to every detail. After training, "
        "the noise is off."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> + <i>ε</i>, <i>ε</i> ~ N(0, <i>σ</i>²)"

    std: float = setting(
        Real(
            title="Standard deviation",
            help="Strength of the noise; 0.1 is a tenth of the standard deviation of normalised "
            "data.",
            default=0.1,
            minimum=0.0,
            maximum=100.0,
        )
    )

    def card_summary(self) -> str:
        return f"{self.std:g}"

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}GaussianNoise", {"std": self.std})


KINDS: tuple[type[LayerKind], ...] = (
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    AlphaDropout,
    StochasticDepth,
    GaussianNoise,
)
"""In the palette's order."""

DROPOUT_KINDS = frozenset(kind.name for kind in KINDS if issubclass(kind, Dropout))
"""Names of the kinds whose probability can be changed during training."""
