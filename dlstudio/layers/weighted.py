"""The two settings of every layer that owns weights: how they start and whether they learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from dlstudio.layers.kind import Kind
from dlstudio.layers.settings import Choice, Setting, Switch, declare

INITIALISATION = "initialisation"
FROZEN = "frozen"


@dataclass(frozen=True)
class Weighted(Kind):
    """A kind with weights. Neither setting is an argument of the torch module."""

    has_weights: ClassVar[bool] = True

    initialisation: str = declare(
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
    frozen: bool = declare(
        Switch(
            title="Frozen",
            help="When on, training leaves this layer's weights as they are.",
            default=False,
        )
    )

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings; those that every weighted layer has come last."""
        declared = dict(super().declarations())
        shared = {name: declared.pop(name) for name in (INITIALISATION, FROZEN)}
        return {**declared, **shared}


@dataclass(frozen=True)
class Scaled(Weighted):
    """A kind whose only weights are one scale and one shift per channel or feature."""

    initialisation: str = declare(
        Choice(
            title="Initialisation",
            help="How the scale starts: at 1 (default), drawn from a normal distribution, or at 0, "
            "which switches a residual branch off until it has learnt something.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )


@dataclass(frozen=True)
class Learnt(Weighted):
    """A kind whose weights are handed on as they are, or as factors: there is nothing to sum up."""

    initialisation: str = declare(
        Choice(
            title="Initialisation",
            help="How what is learnt starts: as the layer's other settings say (default), drawn "
            "from a narrow normal distribution around 0, or at 0.",
            default="default",
            options=("default", "normal", "zero"),
        )
    )
