"""Settings of layers with weights: initialisation, freezing and weight normalisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.kind import NO_NORM, LayerKind
from dlstudio.layers.framework.layer_problems import change, layer_error
from dlstudio.layers.framework.settings import Boolean, Choice, Setting, setting

INITIALISATION = "initialisation"
FROZEN = "frozen"
WEIGHT_NORM = "weight_norm"


def bias_setting(unit: str, *, advanced: bool = False) -> Boolean:
    """Return the declaration of a bias that is added to each `unit`."""
    return Boolean(
        title="Bias",
        help=f"Adds a learned number to each {unit}, so that it need not be 0 for input 0.",
        default=True,
        advanced=advanced,
    )


@dataclass(frozen=True, eq=False, repr=False)
class Weighted(LayerKind):
    """A kind with weights. Neither setting is an argument of the torch module."""

    has_weights: ClassVar[bool] = True

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="Initial values of the weights. He suits ReLU and its relatives, Xavier suits "
            "sigmoid and tanh, zero shows why equal weights cannot learn different features.",
            default="default",
            options=(
                "default",
                "he_normal",
                "he_uniform",
                "xavier_normal",
                "xavier_uniform",
                "normal",
                "zero",
            ),
        )
    )
    frozen: bool = setting(
        Boolean(
            title="Frozen",
            help="When on, training leaves this layer's weights unchanged.",
            default=False,
        )
    )

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings; those of every layer with weights come last."""
        settings = dict(super().declarations())
        shared = {name: settings.pop(name) for name in (INITIALISATION, FROZEN)}
        return {**settings, **shared}


@dataclass(frozen=True, eq=False, repr=False)
class ScaleInit(Weighted):
    """A kind whose only weights are one scale and one shift per channel or feature."""

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="Initial value of the scale: 1 (default), drawn from a normal distribution, or "
            "0, which switches a residual branch off until it has learned something.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class LearnedValues(Weighted):
    """A kind whose weights are its output, or factors, so that they are not summed up."""

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="Initial values: as the layer's other settings say (default), drawn from a "
            "narrow normal distribution around 0, or 0.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class WeightNormed(Weighted):
    """A kind whose weights can be normalised, which does not change their shape."""

    weight_norm: str = setting(
        Choice(
            title="Weight normalisation",
            help="Keeps the weights bounded: weight learns the length of each filter separately "
            "from its direction; spectral divides by the largest singular value, which "
            "stabilises the discriminator of a GAN.",
            default=NO_NORM,
            options=(NO_NORM, "weight", "spectral"),
            advanced=True,
        )
    )

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings; the norm comes after its own."""
        settings = dict(super().declarations())
        shared = {name: settings.pop(name) for name in (WEIGHT_NORM, INITIALISATION, FROZEN)}
        return {**settings, **shared}

    def check_norm(self) -> Iterator[Problem]:
        """Yield a problem if weights of 0 would be divided by their length."""
        if self.weight_norm != NO_NORM and self.initialisation == "zero":
            yield layer_error(
                "zero-norm",
                "Weights of 0 have no direction",
                f"The initialisation zero makes all weights of {self.title} 0, and weight "
                "normalisation would divide them by their length, 0. Choose another "
                "initialisation, or no normalisation.",
                (
                    change("Use the default initialisation", initialisation="default"),
                    change("Use no weight normalisation", weight_norm=NO_NORM),
                ),
                port="",
                short="weights of 0",
            )
