"""Nodes around a block that runs once per time step; they exist only in expanded networks.

Their names are not valid in a design file, so that one never occurs without the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.structure.expand import FOLD, UNFOLD
from dlstudio.layers.basic.io import MEANING_BY_AXES
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import change, layer_error
from dlstudio.layers.framework.meanings import MAPS

_MODULES = "dlstudio.network.modules.time_distributed"


@dataclass(frozen=True, eq=False, repr=False)
class FoldSteps(LayerKind):
    """Folds time steps into the batch: (B, T, …) to (B·T, …)."""

    name: ClassVar[str] = FOLD
    title: ClassVar[str] = "For each time step"
    category: ClassVar[str] = "blocks"
    summary: ClassVar[str] = "Splits a sequence into its time steps"
    explanation: ClassVar[str] = (
        "The block after it sees one time step after the other, as if each were a sample; its "
        "weights are the same for all of them."
    )
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"), Port("like", optional=True))
    outputs: ClassVar[tuple[Port, ...]] = (Port("output"), Port("whole"))

    def check(self, signals: Signals) -> Iterator[Problem]:
        signal = signals["input"][0]
        if not _has_time_axis(signal):
            yield _no_time_axis(signal)
        elif "like" in signals and signals["like"][0].shape[0] != signal.shape[0]:
            first = signals["like"][0].shape[0]
            yield layer_error(
                "other-steps",
                f"{first} and {signal.shape[0]} time steps",
                f"The block runs once per time step, but its inputs have {first} and "
                f"{signal.shape[0]} of them. Make both lengths equal.",
                port="",
                short=unequal(first, signal.shape[0]),
            )

    def call(self, signals: Signals) -> Call:
        return Call(f"{_MODULES}.FoldSteps")

    def output_signals(self, signals: Signals) -> tuple[Signal, ...]:
        """Return one time step, and the whole sequence."""
        sequence = signals["input"][0]
        step = sequence.shape[1:]
        return Signal(step, sequence.dtype, MEANING_BY_AXES.get(len(step), "")), sequence


@dataclass(frozen=True, eq=False, repr=False)
class UnfoldSteps(LayerKind):
    """Unfolds time steps from the batch: (B·T, …) to (B, T, …)."""

    name: ClassVar[str] = UNFOLD
    title: ClassVar[str] = "Each time step"
    category: ClassVar[str] = "blocks"
    summary: ClassVar[str] = "Joins time steps to a sequence again"
    explanation: ClassVar[str] = "Joins the block's results for all time steps to a sequence again."
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"), Port("like"))

    def call(self, signals: Signals) -> Call:
        return Call(f"{_MODULES}.UnfoldSteps")

    def output_signals(self, signals: Signals) -> tuple[Signal, ...]:
        """Return as many steps as went in."""
        step, like = signals["input"][0], signals["like"][0]
        shape: Shape = (like.shape[0], *step.shape)
        return (Signal(shape, step.dtype, "sequence" if len(shape) == 2 else ""),)


KINDS = (FoldSteps, UnfoldSteps)


def _has_time_axis(signal: Signal) -> bool:
    """Whether the first axis can be time: not for an image, nor for plain features."""
    if signal.meaning in MAPS or not signal.shape:
        return False
    return len(signal.shape) > 1 or not signal.dtype.startswith("float")


def _no_time_axis(signal: Signal) -> Problem:
    what = "an image" if signal.meaning in MAPS else "one row of numbers"
    if not signal.shape:
        what = "a single number"
    return layer_error(
        "no-time-axis",
        f"{signal.text()} has no time axis",
        f"The block is set to run for each time step, but {signal.text()} is {what}, without "
        "steps. Wire a sequence (steps first, such as 20×8) to it, or switch “For each time step” "
        "off.",
        (change("Switch “For each time step” off", each_step=False),),
        port="",
        short="no time axis",
    )
