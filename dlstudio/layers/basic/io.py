"""Inputs and outputs of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.layers.framework.kind import LayerKind, SettingError
from dlstudio.layers.framework.settings import Choice, IntegerList, setting

INPUT_ROLES = (
    "samples",
    "noise",
    "time step",
    "tokens",
    "target tokens",
    "segments",
    "labels",
    "lengths",
    "mask",
    "condition",
)
OUTPUT_ROLES = (
    "class scores",
    "value",
    "per-pixel scores",
    "reconstruction",
    "generated sample",
    "next token",
    "realness",
    "predicted noise",
    "mean",
    "log-variance",
    "embedding",
)
INTEGER_ROLES = ("time step", "tokens", "target tokens", "segments", "labels", "lengths")
NOISE_SIZE = 16
"""Default size of the noise of a generator."""
SCALAR_ROLES = ("time step", "labels", "lengths")
MEANINGS: Mapping[str, str] = {
    "tokens": "tokens",
    "target tokens": "tokens",
    "segments": "tokens",
    "time step": "time step",
    "labels": "class",
    "lengths": "length",
    "mask": "mask",
}
MEANING_BY_AXES: Mapping[int, str] = {1: "features", 2: "sequence", 3: "picture"}


@dataclass(frozen=True, eq=False, repr=False)
class Input(LayerKind):
    """An input for data; its shape follows from the data."""

    name: ClassVar[str] = "input"
    title: ClassVar[str] = "Input"
    category: ClassVar[str] = "io"
    summary: ClassVar[str] = "Where the data enters the network"
    explanation: ClassVar[str] = (
        "The entrance of the network: each sample of the data set comes in here, packed into "
        "batches. Its shape follows from the data: a grey image of a digit is one channel of 8 "
        "rows and 8 columns, a flower in a table is a short list of measurements. Nothing is "
        "computed here."
    )
    inputs: ClassVar[tuple[Port, ...]] = ()
    outputs: ClassVar[tuple[Port, ...]] = (Port("output", "One sample after the other"),)

    role: str = setting(
        Choice(
            title="Role",
            help="The part of the data that enters here; the network makes its predictions from "
            "the samples.",
            default="samples",
            options=INPUT_ROLES,
        )
    )
    shape: tuple[int, ...] | None = setting(
        IntegerList(
            title="Shape",
            help="Sizes of one sample without the batch, such as 1, 28, 28. Left empty, it "
            "follows from the data.",
            default=None,
            optional=True,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        return "" if self.role == "samples" else self.role

    def signal(self, facts: DatasetInfo) -> Signal:
        """Return the signal that comes in.

        Raises:
            SettingError: The data has nothing for this role, or another shape.
        """
        data_signal = facts.inputs.get(self.role)
        if data_signal is None:
            return self._declared_signal(facts)
        if self.shape not in (None, data_signal.shape):
            own_signal = Signal(self.shape or ())
            raise SettingError(
                "shape",
                f"the shape is set to {own_signal.text()}, but the data has {data_signal.text()} "
                f"for the role {self.role}. Clear the shape, or choose other data",
            )
        return data_signal

    def _declared_signal(self, facts: DatasetInfo) -> Signal:
        shape = () if self.shape is None and self.role in SCALAR_ROLES else self.shape
        if shape is None:
            available_roles = ", ".join(facts.inputs) or "nothing yet"
            raise SettingError(
                "shape",
                f"the data has nothing for the role {self.role}; it provides {available_roles}. "
                "Choose a data set, choose another role, or give the input a shape",
            )
        dtype = "int64" if self.role in INTEGER_ROLES else "float32"
        meaning = MEANINGS.get(self.role, MEANING_BY_AXES.get(len(shape), ""))
        return Signal(shape, "bool" if self.role == "mask" else dtype, meaning)


@dataclass(frozen=True, eq=False, repr=False)
class Output(LayerKind):
    """A prediction of the network."""

    name: ClassVar[str] = "output"
    title: ClassVar[str] = "Output"
    category: ClassVar[str] = "io"
    summary: ClassVar[str] = "Where the network's answer leaves"
    explanation: ClassVar[str] = (
        "The network's answer, like the sheet a pupil hands in. Training compares it with the "
        "right answer and computes the loss from the difference. For classes it takes one score "
        "per class, straight from the last layer: the largest score wins, and no Softmax is "
        "needed before it."
    )
    outputs: ClassVar[tuple[Port, ...]] = ()

    role: str = setting(
        Choice(
            title="Role",
            help="Meaning of the output: a score for each class, a number to predict, and so on.",
            default="class scores",
            options=OUTPUT_ROLES,
        )
    )

    def card_summary(self) -> str:
        return self.role


KINDS: tuple[type[LayerKind], ...] = (Input, Output)
"""In the palette's order."""
