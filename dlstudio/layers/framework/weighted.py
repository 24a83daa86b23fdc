"""The settings of layers that own weights: how they start, whether they learn, their norm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.kind import NO_NORM, LayerKind
from dlstudio.layers.framework.layer_problems import change, error
from dlstudio.layers.framework.settings import Boolean, Choice, Setting, setting

INITIALISATION = "initialisation"
FROZEN = "frozen"
WEIGHT_NORM = "weight_norm"


def bias_setting(unit: str, *, advanced: bool = False) -> Boolean:
    """Return the declaration of a bias that is added to each one `unit` these."""
    return Boolean(
        title="Bias",
        help=f"Adds a learnt number to each {unit}, so that it need not be 0 for input 0.",
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
            help="How the weights are drawn before training. He suits ReLU and its relatives, "
            "Xavier suits sigmoid and tanh, zero shows why equal weights cannot learn different "
            "things.",
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
            help="When on, training leaves this layer's weights as they are.",
            default=False,
        )
    )

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings; those that every weighted layer has come last."""
        settings = dict(super().declarations())
        shared = {name: settings.pop(name) for name in (INITIALISATION, FROZEN)}
        return {**settings, **shared}


@dataclass(frozen=True, eq=False, repr=False)
class ScaleInit(Weighted):
    """A kind whose only weights are one scale and one shift per channel or feature."""

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="How the scale starts: at 1 (default), drawn from a normal distribution, or at 0, "
            "which switches a residual branch off until it has learnt something.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class LearnedValues(Weighted):
    """A kind whose weights are handed on as they are, or as factors: there is nothing to sum up."""

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="How what is learnt starts: as the layer's other settings say (default), drawn "
            "from a narrow normal distribution around 0, or at 0.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class WeightNormed(Weighted):
    """A kind whose weights may be kept in bounds by a norm. Their shape is the same with it."""

    weight_norm: str = setting(
        Choice(
            title="Weight normalisation",
            help="Keeps the weights in bounds: weight learns the length of each filter apart from "
            "its direction; spectral divides by the largest stretch, which calms the critic of a "
            "GAN.",
            default=NO_NORM,
            options=(NO_NORM, "weight", "spectral"),
            advanced=True,
        )
    )

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings; the norm comes after those of its own."""
        settings = dict(super().declarations())
        shared = {name: settings.pop(name) for name in (WEIGHT_NORM, INITIALISATION, FROZEN)}
        return {**settings, **shared}

    def check_norm(self) -> Iterator[Problem]:
        """Yield a problem where weights of 0 would be divided by their length."""
        if self.weight_norm != NO_NORM and self.initialisation == "zero":
            yield error(
                "zero-norm",
                "Weights of 0 have no direction",
                f"The initialisation zero makes all weights of {self.title} 0, and weight "
                "normalisation divides them by their length, which is 0 as well. Choose another "
                "initialisation, or no normalisation.",
                (
                    change("Use the default initialisation", initialisation="default"),
                    change("Use no weight normalisation", weight_norm=NO_NORM),
                ),
                port="",
            )
