"""Layers that keep numbers in a healthy range, and those that forget at random."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.problems import Problem
from dlstudio.layers.kind import Call, Kind, Signals
from dlstudio.layers.mistakes import REMOVE, change, error, insert, wrong_dtype
from dlstudio.layers.settings import Number, Switch, Whole, declare
from dlstudio.layers.weighted import Scaled
from dlstudio.layers.windows import reshape_repair

REAL = "real numbers (float32)"
NORMALISE_DATA = "Choose a normalisation in the data settings, which gives real numbers."
EPS = Number(
    title="Epsilon",
    help="A tiny number added to the variance, so that nothing is divided by 0.",
    default=1e-5,
    minimum=1e-12,
    maximum=1.0,
    advanced=True,
)


@dataclass(frozen=True)
class BatchNorm(Scaled):
    """What the two batch norms share."""

    category: ClassVar[str] = "normalisation"
    formula: ClassVar[str] = (
        "<i>y</i> = γ (<i>x</i> − μ<sub>batch</sub>) / √(σ²<sub>batch</sub> + ε) + β"
    )

    eps: float = declare(EPS)
    momentum: float = declare(
        Number(
            title="Momentum",
            help="How fast the stored mean and variance follow those of the batches.",
            default=0.1,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )
    )
    affine: bool = declare(
        Switch(
            title="Learn scale and shift",
            help="Lets the layer stretch and move each channel again as training sees fit.",
            default=True,
        )
    )

    def call(self, signals: Signals) -> Call:
        """Return torch's batch norm of the same name."""
        return Call(
            f"torch.nn.{self.title}",
            {
                "num_features": signals["input"][0].shape[0],
                "eps": self.eps,
                "momentum": self.momentum,
                "affine": self.affine,
            },
        )


@dataclass(frozen=True)
class BatchNorm1d(BatchNorm):
    """Batch norm of features or series."""

    name: ClassVar[str] = "batch_norm1d"
    title: ClassVar[str] = "BatchNorm1d"
    summary: ClassVar[str] = "Centres and scales each feature over the batch"
    explanation: ClassVar[str] = (
        "Looks at one feature across all samples of the batch, subtracts the mean and divides by "
        "the spread, as a teacher grades on a curve. The next layer then always meets numbers of "
        "the same size and learns faster. After training it uses the mean and spread collected on "
        "the way, so an answer no longer depends on the other samples."
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield anything but features or channels × length of real numbers."""
        (signal,) = signals["input"]
        if len(signal.shape) not in (1, 2):
            repair = insert("Insert Flatten", "flatten", {})
            if not signal.shape:
                repair = insert("Insert Reshape to 1", "reshape", {"shape": (1,)})
            yield error(
                "wrong-rank",
                f"BatchNorm1d cannot take {signal.text()}",
                "BatchNorm1d takes a list of features or channels × length, but "
                f"{signal.text()} has {len(signal.shape)} axes. For pictures use BatchNorm2d, or "
                "insert a Flatten.",
                (repair, REMOVE),
            )
        elif signal.dtype != "float32":
            yield wrong_dtype("BatchNorm1d", signal, REAL, NORMALISE_DATA, (REMOVE,))


@dataclass(frozen=True)
class BatchNorm2d(BatchNorm):
    """Batch norm of pictures."""

    name: ClassVar[str] = "batch_norm2d"
    title: ClassVar[str] = "BatchNorm2d"
    summary: ClassVar[str] = "Centres and scales each channel over the batch"
    explanation: ClassVar[str] = (
        "Looks at one channel in all pictures of the batch and at all places, subtracts the mean "
        "and divides by the spread, as a photographer evens out the exposure of a whole series. "
        "The next layer then always meets numbers of the same size and learns faster. After "
        "training it uses the mean and spread collected on the way."
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield anything but channels × height × width of real numbers."""
        (signal,) = signals["input"]
        if len(signal.shape) != 3:
            yield error(
                "wrong-rank",
                f"BatchNorm2d cannot take {signal.text()}",
                "BatchNorm2d takes channels × height × width, 3 axes, but "
                f"{signal.text()} has {len(signal.shape)}. For features use BatchNorm1d, or "
                "insert a Reshape.",
                (REMOVE, reshape_repair(signal.shape, 2)),
            )
        elif signal.dtype != "float32":
            yield wrong_dtype("BatchNorm2d", signal, REAL, NORMALISE_DATA, (REMOVE,))


@dataclass(frozen=True)
class LayerNorm(Scaled):
    """Norm within each sample."""

    name: ClassVar[str] = "layer_norm"
    title: ClassVar[str] = "LayerNorm"
    category: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = "Centres and scales the features of each sample"
    explanation: ClassVar[str] = (
        "Takes the features of one sample, subtracts their mean and divides by their spread, so "
        "that loud and quiet samples arrive equally loud, like the volume leveller of a radio. "
        "Unlike batch norm it never looks at other samples, which is why language models use it."
    )
    formula: ClassVar[str] = "<i>y</i> = γ (<i>x</i> − μ) / √(σ² + ε) + β"

    axes: int | None = declare(
        Whole(
            title="Axes",
            help="How many of the last axes are normalised together: 1 for the features of each "
            "position; left empty, the whole sample.",
            default=1,
            optional=True,
        )
    )
    eps: float = declare(EPS)
    elementwise_affine: bool = declare(
        Switch(
            title="Learn scale and shift",
            help="Lets the layer stretch and move each feature again as training sees fit.",
            default=True,
        )
    )
    bias: bool = declare(
        Switch(
            title="Bias",
            help="Whether the learnt shift is there; without it only the scale is learnt.",
            default=True,
            advanced=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield missing axes and a wrong type."""
        (signal,) = signals["input"]
        rank = len(signal.shape)
        if rank == 0:
            yield error(
                "wrong-rank",
                "LayerNorm needs at least one axis",
                "LayerNorm compares the features of a sample with each other, but a single number "
                "arrives. Remove the layer, or wire it to one with several outputs.",
                (REMOVE,),
            )
        elif self.axes is not None and self.axes > rank:
            yield error(
                "axis-missing",
                f"{signal.text()} has no {self.axes} axes",
                f"LayerNorm shall normalise the last {self.axes} axes, but {signal.text()} has "
                f"only {rank}. Choose at most {rank}.",
                (change(f"Normalise {rank} axes", axes=rank),),
            )
        elif signal.dtype != "float32":
            yield wrong_dtype("LayerNorm", signal, REAL, NORMALISE_DATA, (REMOVE,))

    def call(self, signals: Signals) -> Call:
        """Return torch's LayerNorm over the last axes."""
        (signal,) = signals["input"]
        count = len(signal.shape) if self.axes is None else self.axes
        return Call(
            "torch.nn.LayerNorm",
            {
                "normalized_shape": signal.shape[-count:],
                "eps": self.eps,
                "elementwise_affine": self.elementwise_affine,
                "bias": self.bias,
            },
        )


PROBABILITY = Number(
    title="Probability",
    help="Share of the values set to 0 at each step; the others are scaled up to make up for it.",
    default=0.5,
    minimum=0.0,
    maximum=1.0,
)


@dataclass(frozen=True)
class Dropout(Kind):
    """Random zeros."""

    name: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout"
    category: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = "Silences random values while training"
    explanation: ClassVar[str] = (
        "While training, each value is set to 0 with some probability, a different choice at every "
        "step. It is like a team in which someone is always ill: nobody can rely on one colleague, "
        "so everybody learns to cope, and the network memorises less. When it is used, everyone "
        "is present."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>x m</i> / (1 − <i>p</i>), <i>m</i> = 0 with probability <i>p</i>, else 1"
    )

    p: float = declare(PROBABILITY)

    def telling(self) -> str:
        """Return the probability."""
        return f"{self.p:g}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield a wrong type."""
        (signal,) = signals["input"]
        if signal.dtype != "float32":
            yield wrong_dtype(self.title, signal, REAL, NORMALISE_DATA, (REMOVE,))

    def call(self, signals: Signals) -> Call:
        """Return torch's Dropout."""
        return Call("torch.nn.Dropout", {"p": self.p})


@dataclass(frozen=True)
class Dropout2d(Dropout):
    """Random empty channels."""

    name: ClassVar[str] = "dropout2d"
    title: ClassVar[str] = "Dropout2d"
    summary: ClassVar[str] = "Silences random channels while training"
    explanation: ClassVar[str] = (
        "While training, whole channels are set to 0 with some probability, a different choice at "
        "every step. Neighbouring pixels tell nearly the same, so losing single ones would "
        "teach little; here a whole map goes missing, like one camera of several, and the "
        "network learns not to rely on any of them."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>c</sub></i> = <i>x<sub>c</sub> m<sub>c</sub></i> / (1 − <i>p</i>), "
        "<i>m<sub>c</sub></i> = 0 with probability <i>p</i>, else 1"
    )

    p: float = declare(PROBABILITY)

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield anything but channels × height × width of real numbers."""
        (signal,) = signals["input"]
        if len(signal.shape) != 3:
            features = math.prod(signal.shape)
            yield error(
                "wrong-rank",
                f"Dropout2d cannot take {signal.text()}",
                "Dropout2d drops whole channels of channels × height × width, 3 axes, but "
                f"{signal.text()} has {len(signal.shape)}. For these {features} numbers use "
                "Dropout, or insert a Reshape.",
                (REMOVE, reshape_repair(signal.shape, 2)),
            )
        yield from super().check(signals)

    def call(self, signals: Signals) -> Call:
        """Return torch's Dropout2d."""
        return Call("torch.nn.Dropout2d", {"p": self.p})


KINDS: tuple[type[Kind], ...] = (BatchNorm1d, BatchNorm2d, LayerNorm, Dropout, Dropout2d)
"""In the palette's order."""
