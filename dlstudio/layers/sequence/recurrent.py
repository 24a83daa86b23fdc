"""Layers that read a sequence step by step and remember."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    dtype_text,
    error,
    hint,
    insert,
    shape_text,
    too_large,
)
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Real, setting
from dlstudio.layers.framework.weighted import Weighted, bias_setting
from dlstudio.layers.sequence.sequence_layers import (
    SequenceLayer,
    has_errors,
    needs_sequence,
    problem_code,
)

OWN = "dlstudio.network.modules.recurrent."
MAX_LAYERS = 100

INPUT = Port("input", "A sequence: steps × features")
HIDDEN_IN = Port(
    "hidden", "What it remembers at first: layers and directions × hidden; else 0", optional=True
)
CELL_IN = Port("cell", "The cells at first: layers and directions × hidden; else 0", optional=True)
SEQUENCE = Port("sequence", "What it gives at each step: steps × hidden features")
HIDDEN = Port("hidden", "What it remembers at the end: layers and directions × hidden")
CELL = Port("cell", "The cells at the end: layers and directions × hidden")


@dataclass(frozen=True, eq=False, repr=False)
class Recurrent(SequenceLayer, Weighted):
    """What the three recurrent layers share."""

    category: ClassVar[str] = "recurrent"
    inputs: ClassVar[tuple[Port, ...]] = (INPUT, HIDDEN_IN)
    outputs: ClassVar[tuple[Port, ...]] = (SEQUENCE, HIDDEN)
    gates: ClassVar[int] = 1

    hidden_size: int = setting(
        Integer(
            title="Hidden features",
            help="How many numbers the layer remembers from step to step, and gives at each.",
            default=64,
        )
    )
    num_layers: int = setting(
        Integer(
            title="Layers",
            help="How many such layers are stacked, each reading the steps of the one below.",
            default=1,
            maximum=MAX_LAYERS,
        )
    )
    bidirectional: bool = setting(
        Boolean(
            title="Both directions",
            help="Also reads the sequence backwards and puts both answers side by side, so that "
            "each step knows what comes after it.",
            default=False,
        )
    )
    dropout: float = setting(
        Real(
            title="Dropout",
            help="Share of the values silenced between one layer and the next while training.",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )
    )
    bias: bool = setting(bias_setting("sum", advanced=True))

    @property
    def directions(self) -> int:
        """In how many directions the sequence is read."""
        return 2 if self.bidirectional else 1

    def card_summary(self) -> str:
        """Return hidden features, then layers and directions where there are several."""
        layers = [f"{self.num_layers} layers"] if self.num_layers > 1 else []
        return " · ".join([str(self.hidden_size), *layers, *["↔"] * self.bidirectional])

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield what is no sequence, states of another shape, and dropout with nothing between."""
        (signal,) = signals["input"]
        problems = list(needs_sequence(self.title, signal))
        for port in self.inputs[1:]:
            for state in signals.get(port.name, ()):
                problems += self._state_problems(port.name, state)
        if not has_errors(problems):
            problems += self._size_problems(signal)
        if self.dropout and self.num_layers == 1:
            problems.append(_unused_dropout(self.title))
        yield from problems

    def _state_problems(self, port: str, signal: Signal) -> Iterator[Problem]:
        state_shape = (self.num_layers * self.directions, self.hidden_size)
        if signal.dtype != "float32":
            yield error(
                problem_code(port, "dtype"),
                f"{self.title} cannot take {dtype_text(signal.dtype)} as {port}",
                f"The port {port} takes real numbers (float32), but {signal.text()} of type "
                f"{signal.dtype} arrives. Wire it to the {port} of another recurrent layer, or to "
                "nothing: then it is 0.",
                port=port,
            )
        elif signal.shape != state_shape:
            yield error(
                problem_code(port, "shape"),
                f"{self.title} needs {shape_text(state_shape)} as {port}, not {signal.text()}",
                f"{signal.text()} arrives at the port {port}, but what {self.title} remembers is "
                f"{shape_text(state_shape)}: one row for each layer and direction, "
                f"{self.hidden_size} hidden features each. Bring both to the same sizes.",
                self._state_repairs(port, signal, state_shape),
                port=port,
            )

    def _state_repairs(
        self, port: str, signal: Signal, state_shape: tuple[int, int]
    ) -> Iterator[Repair]:
        if len(signal.shape) == 2 and signal.shape[0] % self.directions == 0:
            layers, hidden = signal.shape[0] // self.directions, signal.shape[1]
            if layers <= MAX_LAYERS:
                title = f"Use {layers} layers of {hidden} hidden features"
                yield change(title, num_layers=layers, hidden_size=hidden)
        if math.prod(signal.shape) == math.prod(state_shape):
            yield insert(
                f"Insert Reshape to {shape_text(state_shape)}",
                "reshape",
                {"shape": state_shape},
                port,
            )

    def _size_problems(self, signal: Signal) -> Iterator[Problem]:
        steps, features = signal.shape
        hidden = self.hidden_size
        first = self.gates * hidden * (features + hidden)
        further = self.gates * hidden * hidden * (1 + self.directions) * (self.num_layers - 1)
        count = max((first + further) * self.directions, steps * hidden * self.directions)
        if count > MAX_ELEMENTS:
            yield too_large(self.title, "It", count)

    def call(self, signals: Signals) -> Call:
        """Return our layer of the same name, which derives from torch's."""
        return Call(f"{OWN}{self.title}", self.arguments(signals))

    def arguments(self, signals: Signals) -> dict[str, Any]:
        """Return torch's arguments; the features follow from the input."""
        return {
            "input_size": signals["input"][0].shape[1],
            "hidden_size": self.hidden_size,
            "num_layers": self.num_layers,
            "bias": self.bias,
            "dropout": self.dropout if self.num_layers > 1 else 0.0,
            "bidirectional": self.bidirectional,
        }


def _unused_dropout(title: str) -> Problem:
    return hint(
        "dropout-between-layers",
        f"With one layer the dropout of {title} does nothing",
        f"The dropout works between the stacked layers of {title}, and there is only one. Use "
        "more layers, or put a Dropout behind it.",
        (change("Use 2 layers", num_layers=2), change("Switch the dropout off", dropout=0.0)),
    )


@dataclass(frozen=True, eq=False, repr=False)
class RNN(Recurrent):
    """Plain recurrent layer."""

    name: ClassVar[str] = "rnn"
    title: ClassVar[str] = "RNN"
    summary: ClassVar[str] = "Reads a sequence step by step with a plain memory"
    explanation: ClassVar[str] = (
        "Reads a sequence one step at a time and keeps a note of what it has read, as you do with "
        "the sentence you are reading now. At every step the note is written anew from the old "
        "note and the new input, always by the same rule. Old entries fade quickly, which is why "
        "LSTM and GRU were invented."
    )
    formula: ClassVar[str] = (
        "<i>h<sub>t</sub></i> = tanh(<i>W x<sub>t</sub></i> + <i>U h</i><sub><i>t</i>−1</sub> + "
        "<i>b</i>)"
    )

    nonlinearity: str = setting(
        Choice(
            title="Activation",
            help="tanh keeps what is remembered between −1 and 1; relu lets it grow.",
            default="tanh",
            options=("tanh", "relu"),
        )
    )

    def arguments(self, signals: Signals) -> dict[str, Any]:
        """Return torch's arguments."""
        return {**super().arguments(signals), "nonlinearity": self.nonlinearity}


@dataclass(frozen=True, eq=False, repr=False)
class LSTM(Recurrent):
    """Long short-term memory."""

    name: ClassVar[str] = "lstm"
    title: ClassVar[str] = "LSTM"
    inputs: ClassVar[tuple[Port, ...]] = (INPUT, HIDDEN_IN, CELL_IN)
    outputs: ClassVar[tuple[Port, ...]] = (SEQUENCE, HIDDEN, CELL)
    gates: ClassVar[int] = 4
    summary: ClassVar[str] = "Reads a sequence and remembers it for long"
    explanation: ClassVar[str] = (
        "Reads a sequence step by step and keeps a notebook, the cell, beside what it says. Three "
        "gates learn what to cross out, what to write down and what to read aloud at each step. "
        "An entry that nobody crosses out stays unchanged over hundreds of steps, so that the end "
        "of a sentence can still depend on its beginning."
    )
    formula: ClassVar[str] = (
        "<i>c<sub>t</sub></i> = <i>f<sub>t</sub> c</i><sub><i>t</i>−1</sub> + "
        "<i>i<sub>t</sub> g<sub>t</sub></i>, <i>h<sub>t</sub></i> = <i>o<sub>t</sub></i> "
        "tanh(<i>c<sub>t</sub></i>)"
    )


@dataclass(frozen=True, eq=False, repr=False)
class GRU(Recurrent):
    """Gated recurrent unit."""

    name: ClassVar[str] = "gru"
    title: ClassVar[str] = "GRU"
    gates: ClassVar[int] = 3
    summary: ClassVar[str] = "A leaner LSTM with one memory and two gates"
    explanation: ClassVar[str] = (
        "Reads a sequence step by step like an LSTM, with one memory instead of two. At each step "
        "a gate decides how much of the old memory stays and how much gives way to the new, like "
        "a slider that blends yesterday's opinion with today's news. It has a quarter fewer "
        "weights than an LSTM and often does as well."
    )
    formula: ClassVar[str] = (
        "<i>h<sub>t</sub></i> = (1 − <i>z<sub>t</sub></i>) <i>n<sub>t</sub></i> + "
        "<i>z<sub>t</sub> h</i><sub><i>t</i>−1</sub>"
    )


@dataclass(frozen=True, eq=False, repr=False)
class LastStep(SequenceLayer):
    """One step of a sequence."""

    name: ClassVar[str] = "last_step"
    title: ClassVar[str] = "Last step"
    category: ClassVar[str] = "recurrent"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", "A sequence: steps × anything"),
        Port("lengths", "How many steps of each sequence count; else all", optional=True),
    )
    summary: ClassVar[str] = "Keeps the last step of a sequence"
    explanation: ClassVar[str] = (
        "Keeps the last step of a sequence and drops the others, as one asks only for the final "
        "score of a match. Behind a recurrent layer that step has seen all the others, so it can "
        "stand for the whole sequence. With lengths wired in, it is the last step before the "
        "padding; a length is taken as at least 1 and at most the number of steps."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x<sub>T</sub></i>"

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield single numbers, and lengths that are not one integer."""
        (signal,) = signals["input"]
        if not signal.shape:
            yield error(
                "wrong-rank",
                "Last step needs at least one axis",
                "Last step picks along the first axis, but a single number arrives, which has "
                "none. Remove the layer, or wire it to a sequence.",
                (REMOVE, insert("Insert Reshape to 1", "reshape", {"shape": (1,)})),
            )
        for lengths in signals.get("lengths", ()):
            yield from _length_problems(lengths)

    def call(self, signals: Signals) -> Call:
        """Return our LastStep."""
        return Call(f"{OWN}LastStep")


def _length_problems(signal: Signal) -> Iterator[Problem]:
    if signal.dtype in ("float32", "bool"):
        yield error(
            "lengths-dtype",
            f"Last step cannot take {dtype_text(signal.dtype)} as lengths",
            f"A length is an integer (int64), but {signal.text()} of type {signal.dtype} "
            "arrives. Wire the port to an Input with the role lengths, or to nothing.",
            port="lengths",
        )
    elif signal.shape:
        single = math.prod(signal.shape) == 1
        number = insert("Insert Reshape to one number", "reshape", {"shape": ()}, "lengths")
        yield error(
            "lengths-shape",
            f"Last step needs one length, not {signal.text()}",
            f"{signal.text()} arrives at the port lengths, but each sequence has one length, a "
            "single number. Wire the port to an Input with the role lengths and no shape.",
            (number,) if single else (),
            port="lengths",
        )


KINDS: tuple[type[LayerKind], ...] = (RNN, LSTM, GRU, LastStep)
"""In the palette's order."""
