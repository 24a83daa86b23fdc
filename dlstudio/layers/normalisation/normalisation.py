"""Norms within each sample: over its last axes, groups of channels, or neighbouring channels."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import axes_differ, exceeds, indivisible
from dlstudio.layers.framework.input_checks import needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import REMOVE, change, insert, layer_error, shape_text
from dlstudio.layers.framework.settings import Boolean, Integer, Real, setting
from dlstudio.layers.framework.weighted import ScaleInit

EPS = Real(
    title="Epsilon",
    help="A tiny number added to the variance, so that nothing is divided by 0.",
    default=1e-5,
    minimum=1e-12,
    maximum=1.0,
    advanced=True,
)


@dataclass(frozen=True, eq=False, repr=False)
class LastAxesNorm(ScaleInit):
    """Base class of norms over the last axes of a sample."""

    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True

    axes: int | None = setting(
        Integer(
            title="Axes",
            help="Number of last axes that are normalised together: 1 for the features of each "
            "position; left empty, the whole sample.",
            default=1,
            optional=True,
        )
    )
    eps: float = setting(EPS)
    elementwise_affine: bool = setting(
        Boolean(
            title="Learn scale and shift",
            help="Lets the layer scale and shift each feature again as training requires.",
            default=True,
        )
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        rank = len(signal.shape)
        if rank == 0:
            yield layer_error(
                "wrong-rank",
                f"{self.title} needs at least one axis",
                f"{self.title} compares the features of a sample with each other, but the input is "
                "a single number. Remove the layer, or wire it to one with several outputs.",
                (REMOVE,),
                short="a single number",
            )
        elif self.axes is not None and self.axes > rank:
            yield layer_error(
                "axis-missing",
                f"{signal.text()} has no {self.axes} axes",
                f"{self.title} is set to normalise the last {self.axes} axes, but {signal.text()} "
                f"has only {rank}. Choose at most {rank}.",
                (change(f"Normalise {rank} axes", axes=rank),),
                short=exceeds(self.axes, rank),
            )
        else:
            yield from needs_real(self.title, signal)

    def call(self, signals: Signals) -> Call:
        (signal,) = signals["input"]
        count = len(signal.shape) if self.axes is None else self.axes
        return Call(
            f"torch.nn.{self.title}",
            {
                "normalized_shape": signal.shape[-count:],
                "eps": self.eps,
                "elementwise_affine": self.elementwise_affine,
            },
        )


@dataclass(frozen=True, eq=False, repr=False)
class LayerNorm(LastAxesNorm):
    """`torch.nn.LayerNorm` over the last axes."""

    name: ClassVar[str] = "layer_norm"
    title: ClassVar[str] = "LayerNorm"
    summary: ClassVar[str] = "Normalises the features of each sample"
    explanation: ClassVar[str] = (
        "Takes the features of one sample, subtracts their mean and divides by their standard "
        "deviation, so that loud and quiet samples arrive equally loud, like the volume leveller "
        "of a radio. Unlike batch norm it never looks at other samples, which is why language "
        "models use it."
    )
    formula: ClassVar[str] = "<i>y</i> = γ (<i>x</i> − μ) / √(σ² + ε) + β"

    bias: bool = setting(
        Boolean(
            title="Bias",
            help="Adds a learned shift; without it only the scale is learned.",
            default=True,
            advanced=True,
        )
    )

    def call(self, signals: Signals) -> Call:
        call = super().call(signals)
        return Call(call.target, {**call.arguments, "bias": self.bias})


@dataclass(frozen=True, eq=False, repr=False)
class RMSNorm(LastAxesNorm):
    """`torch.nn.RMSNorm` over the last axes."""

    name: ClassVar[str] = "rms_norm"
    title: ClassVar[str] = "RMSNorm"
    summary: ClassVar[str] = "Scales the features of each sample to one size"
    explanation: ClassVar[str] = (
        "Divides the features of one sample by their typical size, the root of their mean square. "
        "It is a LayerNorm that only turns the volume knob and leaves the balance alone: no mean "
        "is subtracted and no shift is learned. That is cheaper and works as well, so newer "
        "language models such as Llama use it."
    )
    formula: ClassVar[str] = "<i>y</i> = γ <i>x</i> / √(mean(<i>x</i>²) + ε)"

    eps: float = setting(dataclasses.replace(EPS, default=2.0**-23))
    elementwise_affine: bool = setting(
        Boolean(
            title="Learn scale",
            help="Lets the layer scale each feature again as training requires.",
            default=True,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class GroupNorm(ScaleInit):
    """`torch.nn.GroupNorm`."""

    name: ClassVar[str] = "group_norm"
    title: ClassVar[str] = "GroupNorm"
    category: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = "Normalises groups of channels in a sample"
    explanation: ClassVar[str] = (
        "Sorts the channels of one sample into groups of equal size, subtracts each group's mean "
        "and divides by its standard deviation, as a choir is levelled voice by voice: sopranos "
        "among themselves, basses among themselves. It never looks at other samples, so it works "
        "with small batches where batch norm fails; diffusion models use it."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = γ (<i>x</i> − μ<sub>group</sub>) / √(σ²<sub>group</sub> + ε) + β"
    )

    num_groups: int = setting(
        Integer(
            title="Groups",
            help="Number of groups of channels; 1 takes all channels together.",
            default=4,
        )
    )
    eps: float = setting(EPS)
    affine: bool = setting(
        Boolean(
            title="Learn scale and shift",
            help="Lets the layer scale and shift each channel again as training requires.",
            default=True,
        )
    )

    def card_summary(self) -> str:
        return f"{self.num_groups} group{'' if self.num_groups == 1 else 's'}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if not signal.shape:
            yield layer_error(
                "wrong-rank",
                "GroupNorm needs channels",
                "GroupNorm sorts channels into groups, but the input is a single number. Remove "
                "the layer, or wire it to one with several outputs.",
                (REMOVE,),
                short="a single number",
            )
        elif signal.shape[0] % self.num_groups:
            yield layer_error(
                "groups-divide",
                f"{self.num_groups} groups do not divide {signal.shape[0]} channels",
                f"GroupNorm sorts the {signal.shape[0]} channels of {signal.text()} into "
                f"{self.num_groups} equal groups, which leaves a remainder. Choose a number that "
                "divides them.",
                (self._regroup(signal.shape[0], self.num_groups),),
                short=indivisible(signal.shape[0], self.num_groups),
            )
        elif math.prod(signal.shape) == self.num_groups:
            is_single_channel = signal.shape[0] == 1
            fewer = (
                () if is_single_channel else (self._regroup(signal.shape[0], self.num_groups - 1),)
            )
            yield layer_error(
                "single-number",
                "GroupNorm needs more than one number in each group",
                f"GroupNorm measures mean and variance of each group, but {self.num_groups} groups "
                f"of {signal.text()} have a single number each, whose variance is 0. "
                f"{'Remove the layer.' if is_single_channel else 'Choose fewer groups.'}",
                (*fewer, REMOVE),
                short="1 per group",
            )
        else:
            yield from needs_real(self.title, signal)

    @staticmethod
    def _regroup(channels: int, limit: int) -> Repair:
        fitting = max(i for i in range(1, min(channels, limit) + 1) if channels % i == 0)
        return change(f"Set the groups to {fitting}", num_groups=fitting)

    def call(self, signals: Signals) -> Call:
        return Call(
            "torch.nn.GroupNorm",
            {
                "num_groups": self.num_groups,
                "num_channels": signals["input"][0].shape[0],
                "eps": self.eps,
                "affine": self.affine,
            },
        )


@dataclass(frozen=True, eq=False, repr=False)
class LocalResponseNorm(LayerKind):
    """`torch.nn.LocalResponseNorm`."""

    name: ClassVar[str] = "local_response_norm"
    title: ClassVar[str] = "LocalResponseNorm"
    category: ClassVar[str] = "normalisation"
    keeps_width: ClassVar[bool] = True
    summary: ClassVar[str] = "Lets neighbouring channels suppress each other"
    explanation: ClassVar[str] = (
        "Divides each number by a measure of how strong the neighbouring channels are at the same "
        "position. It is like a conversation in which the loudest voice makes its neighbours seem "
        "quieter, so that only clear answers stand out. AlexNet used it in 2012; today batch norm "
        "has taken its place."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>c</sub></i> = <i>x<sub>c</sub></i> / "
        "(<i>k</i> + <i>α</i>⁄<i>n</i> Σ<sub><i>j</i></sub> <i>x<sub>j</sub></i>²)<sup>β</sup>"
    )
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "int64")

    size: int = setting(
        Integer(
            title="Size",
            help="Number of neighbouring channels, including its own, that suppress a number.",
            default=5,
            maximum=1000,
        )
    )
    alpha: float = setting(
        Real(
            title="Alpha",
            help="Strength of the suppression by the neighbours.",
            default=1e-4,
            minimum=0.0,
            maximum=1000.0,
        )
    )
    beta: float = setting(
        Real(
            title="Beta",
            help="Exponent of the divisor; 0 switches it off.",
            default=0.75,
            minimum=0.0,
            maximum=5.0,
            advanced=True,
        )
    )
    k: float = setting(
        Real(
            title="K",
            help="Added to the divisor, so that nothing is divided by 0.",
            default=1.0,
            minimum=0.01,
            maximum=1000.0,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        return str(self.size)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if len(signal.shape) < 2:
            shape = (math.prod(signal.shape), 1)
            yield layer_error(
                "wrong-rank",
                f"LocalResponseNorm cannot take {signal.text()}",
                "LocalResponseNorm takes channels and at least one more axis, but "
                f"{signal.text()} has {len(signal.shape)}. Remove it, or insert a Reshape.",
                (
                    REMOVE,
                    insert(f"Insert Reshape to {shape_text(shape)}", "reshape", {"shape": shape}),
                ),
                short=axes_differ(len(signal.shape), 2),
            )
        elif signal.dtype not in self.dtypes:
            yield from needs_real(self.title, signal)

    def call(self, signals: Signals) -> Call:
        settings = {name: getattr(self, name) for name in self.declarations()}
        return Call("torch.nn.LocalResponseNorm", settings)


KINDS: tuple[type[LayerKind], ...] = (LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm)
"""In the palette's order."""
