"""Batch norms and instance norms, which normalise each channel."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import axes_differ
from dlstudio.layers.framework.input_checks import needs_channels, needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import REMOVE, insert, layer_error
from dlstudio.layers.framework.settings import Boolean, Real, setting
from dlstudio.layers.framework.weighted import ScaleInit
from dlstudio.layers.normalisation.normalisation import EPS


@dataclass(frozen=True, eq=False, repr=False)
class ChannelNorm(ScaleInit):
    """Base class of norms over channels."""

    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True
    spatial_axes: ClassVar[int]
    """Number of axes after the channels."""
    alternative: ClassVar[str]
    """Which layer suits inputs with other axes, for messages."""

    eps: float = setting(EPS)
    momentum: float = setting(
        Real(
            title="Momentum",
            help="Weight of each batch in the stored mean and variance.",
            default=0.1,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )
    )
    affine: bool = setting(
        Boolean(
            title="Learn scale and shift",
            help="Lets the layer scale and shift each channel again as training requires.",
            default=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from needs_channels(
            self.title, signals["input"][0], self.spatial_axes, self.alternative
        )

    def call(self, signals: Signals) -> Call:
        return Call(
            f"torch.nn.{self.title}",
            {
                "num_features": signals["input"][0].shape[0],
                "eps": self.eps,
                "momentum": self.momentum,
                "affine": self.affine,
            },
        )


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm(ChannelNorm):
    """Base class of the batch norms."""

    formula: ClassVar[str] = (
        "<i>y</i> = γ (<i>x</i> − μ<sub>batch</sub>) / √(σ²<sub>batch</sub> + ε) + β"
    )


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm1d(BatchNorm):
    """`torch.nn.BatchNorm1d`."""

    name: ClassVar[str] = "batch_norm1d"
    title: ClassVar[str] = "BatchNorm1d"
    summary: ClassVar[str] = "Normalises each feature over the batch"
    explanation: ClassVar[str] = (
        "Looks at one feature across all samples of the batch, subtracts the mean and divides by "
        "the standard deviation, as a teacher grades on a curve. The next layer then always "
        "receives numbers of the same size and learns faster. After training it uses the mean and "
        "variance collected on the way, so an answer no longer depends on the other samples."
    )
    spatial_axes: ClassVar[int] = 1

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) in (1, 2):
            yield from needs_real(self.title, signal)
            return
        repair = insert("Insert Flatten", "flatten", {})
        if not signal.shape:
            repair = insert("Insert Reshape to 1", "reshape", {"shape": (1,)})
        yield layer_error(
            "wrong-rank",
            f"BatchNorm1d cannot take {signal.text()}",
            f"BatchNorm1d takes a list of features or channels × length, but {signal.text()} has "
            f"{len(signal.shape)} axes. For images use BatchNorm2d, or insert a Flatten.",
            (repair, REMOVE),
            short=axes_differ(len(signal.shape), "1…2"),
        )


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm2d(BatchNorm):
    """`torch.nn.BatchNorm2d`."""

    name: ClassVar[str] = "batch_norm2d"
    title: ClassVar[str] = "BatchNorm2d"
    summary: ClassVar[str] = "Normalises each channel over the batch"
    explanation: ClassVar[str] = (
        "Looks at one channel in all images of the batch and at all positions, subtracts the mean "
        "and divides by the standard deviation, as a photographer evens out the exposure of a "
        "whole series. The next layer then always receives numbers of the same size and learns "
        "faster. After training it uses the mean and variance collected on the way."
    )
    spatial_axes: ClassVar[int] = 2
    alternative: ClassVar[str] = "For features use BatchNorm1d"


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm3d(BatchNorm):
    """`torch.nn.BatchNorm3d`."""

    name: ClassVar[str] = "batch_norm3d"
    title: ClassVar[str] = "BatchNorm3d"
    summary: ClassVar[str] = "Normalises each channel of volumes over the batch"
    explanation: ClassVar[str] = (
        "Looks at one channel in all volumes or films of the batch and at all their positions, "
        "subtracts the mean and divides by the standard deviation, as a studio gives all scenes "
        "of a film the same brightness. The next layer then always receives numbers of the same "
        "size and learns faster. After training it uses the mean and variance collected on the "
        "way."
    )
    spatial_axes: ClassVar[int] = 3
    alternative: ClassVar[str] = "For images use BatchNorm2d, for features BatchNorm1d"


@dataclass(frozen=True, eq=False, repr=False)
class InstanceNorm(ChannelNorm):
    """Base class of the instance norms."""

    formula: ClassVar[str] = (
        "<i>y<sub>c</sub></i> = γ<sub><i>c</i></sub> (<i>x<sub>c</sub></i> − "
        "μ<sub><i>c</i></sub>) / √(σ²<sub><i>c</i></sub> + ε) + β<sub><i>c</i></sub>"
    )

    track_running_stats: bool = setting(
        Boolean(
            title="Store mean and variance",
            help="Collects mean and variance over the batches and uses them after training, as "
            "batch norm does; off, each sample always uses its own.",
            default=False,
            advanced=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(super().check(signals))
        if not problems and math.prod(signal.shape[1:]) == 1:
            problems.append(
                layer_error(
                    "single-number",
                    f"{self.title} needs more than one number in each channel",
                    f"{self.title} measures mean and variance within each channel, but each "
                    f"channel of {signal.text()} is a single number, whose variance is 0. Remove "
                    "it, or reduce the size less in earlier layers.",
                    (REMOVE,),
                    short="1 per channel",
                )
            )
        yield from problems

    def call(self, signals: Signals) -> Call:
        call = super().call(signals)
        stored = {"track_running_stats": self.track_running_stats}
        return Call(call.target, {**call.arguments, **stored})


@dataclass(frozen=True, eq=False, repr=False)
class InstanceNorm1d(InstanceNorm):
    """`torch.nn.InstanceNorm1d`."""

    name: ClassVar[str] = "instance_norm1d"
    title: ClassVar[str] = "InstanceNorm1d"
    summary: ClassVar[str] = "Normalises each channel of one series"
    explanation: ClassVar[str] = (
        "Takes each channel of one series separately, subtracts its mean over time and divides by "
        "its standard deviation, as you recognise a melody whatever its key and its volume. It "
        "never looks at other samples. How high or how loud a channel was is lost; only its "
        "course remains."
    )
    spatial_axes: ClassVar[int] = 1
    alternative: ClassVar[str] = "For features use LayerNorm"


@dataclass(frozen=True, eq=False, repr=False)
class InstanceNorm2d(InstanceNorm):
    """`torch.nn.InstanceNorm2d`."""

    name: ClassVar[str] = "instance_norm2d"
    title: ClassVar[str] = "InstanceNorm2d"
    summary: ClassVar[str] = "Normalises each channel of one image"
    explanation: ClassVar[str] = (
        "Takes each channel of one image separately, subtracts its mean and divides by its "
        "standard deviation, as a camera sets brightness and contrast anew for every shot. It "
        "never looks at other samples. Contrast and tint are lost and the drawing remains, which "
        "is why networks that change the style of images use it."
    )
    spatial_axes: ClassVar[int] = 2
    alternative: ClassVar[str] = "For features use LayerNorm"


@dataclass(frozen=True, eq=False, repr=False)
class InstanceNorm3d(InstanceNorm):
    """`torch.nn.InstanceNorm3d`."""

    name: ClassVar[str] = "instance_norm3d"
    title: ClassVar[str] = "InstanceNorm3d"
    summary: ClassVar[str] = "Normalises each channel of one volume"
    explanation: ClassVar[str] = (
        "Takes each channel of one volume or film separately, subtracts its mean and divides by "
        "its standard deviation, as you adjust brightness and contrast anew for every scan. It "
        "never looks at other samples, so scans from different machines become comparable."
    )
    spatial_axes: ClassVar[int] = 3
    alternative: ClassVar[str] = "For images use InstanceNorm2d, for features LayerNorm"


KINDS: tuple[type[LayerKind], ...] = (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
)
"""In the palette's order."""

BATCH_NORMS = tuple(kind.name for kind in KINDS if issubclass(kind, BatchNorm))
"""Names of the kinds that need more than one number per channel."""
