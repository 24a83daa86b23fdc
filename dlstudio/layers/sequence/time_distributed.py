"""What stands around a block that is applied to every time step: written out, never drawn.

Their names cannot be written in a design file, so that one never stands without the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.structure.expand import FOLD, UNFOLD
from dlstudio.layers.basic.io import MEANING_BY_AXES
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import change, error
from dlstudio.layers.framework.meanings import MAPS

_MODULES = "dlstudio.network.modules.time_distributed"


@dataclass(frozen=True, eq=False, repr=False)
class FoldSteps(LayerKind):
    """Turns each time step into a sample of its own: (B, T, …) to (B·T, …)."""

    name: ClassVar[str] = FOLD
    title: ClassVar[str] = "For each time step"
    category: ClassVar[str] = "blocks"
    summary: ClassVar[str] = "Takes a sequence apart into its time steps"
    explanation: ClassVar[str] = (
        "The block behind it sees one time step after the other, as if each were a sample of its "
        "own; its weights are the same for all of them."
    )
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"), Port("like", optional=True))
    outputs: ClassVar[tuple[Port, ...]] = (Port("output"), Port("whole"))

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Refuse what has no time axis, and sequences of different lengths."""
        signal = signals["input"][0]
        if not _has_time_axis(signal):
            yield _no_time_axis(signal)
        elif "like" in signals and signals["like"][0].shape[0] != signal.shape[0]:
            first = signals["like"][0].shape[0]
            yield error(
                "other-steps",
                f"{first} and {signal.shape[0]} time steps",
                f"The block is applied to each time step, but its inputs bring {first} and "
                f"{signal.shape[0]} of them. Bring both to the same length.",
                port="",
            )

    def call(self, signals: Signals) -> Call:
        """Return the module that folds time into the batch."""
        return Call(f"{_MODULES}.FoldSteps")

    def output_signals(self, signals: Signals) -> tuple[Signal, ...]:
        """Return one time step, and the whole sequence."""
        sequence = signals["input"][0]
        step = sequence.shape[1:]
        return Signal(step, sequence.dtype, MEANING_BY_AXES.get(len(step), "")), sequence


@dataclass(frozen=True, eq=False, repr=False)
class UnfoldSteps(LayerKind):
    """Puts time steps together again: (B·T, …) to (B, T, …)."""

    name: ClassVar[str] = UNFOLD
    title: ClassVar[str] = "Each time step"
    category: ClassVar[str] = "blocks"
    summary: ClassVar[str] = "Puts time steps together to a sequence again"
    explanation: ClassVar[str] = "What the block made of each time step stands in a row again."
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"), Port("like"))

    def call(self, signals: Signals) -> Call:
        """Return the module that takes time out of the batch."""
        return Call(f"{_MODULES}.UnfoldSteps")

    def output_signals(self, signals: Signals) -> tuple[Signal, ...]:
        """Return as many steps as went in."""
        step, like = signals["input"][0], signals["like"][0]
        shape: Shape = (like.shape[0], *step.shape)
        return (Signal(shape, step.dtype, "sequence" if len(shape) == 2 else ""),)


KINDS = (FoldSteps, UnfoldSteps)


def _has_time_axis(signal: Signal) -> bool:
    """Whether the first axis can be time: not that of an image, nor that of plain features."""
    if signal.meaning in MAPS or not signal.shape:
        return False
    return len(signal.shape) > 1 or not signal.dtype.startswith("float")


def _no_time_axis(signal: Signal) -> Problem:
    what = "an image" if signal.meaning in MAPS else "one row of numbers"
    if not signal.shape:
        what = "a single number"
    return error(
        "no-time-axis",
        f"{signal.text()} has no time axis",
        f"The block is to be applied to each time step, but {signal.text()} is {what}: there "
        "are no steps in it. Wire a sequence (steps first, such as 20×8) into it, or switch "
        "“For each time step” off.",
        (change("Switch “For each time step” off", each_step=False),),
        port="",
    )
