"""Recurrent layers, and the selection of the last step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    dtype_text,
    dtypes_differ,
    insert,
    layer_error,
    layer_hint,
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
    "hidden", "The initial hidden state: layers and directions × hidden; default: 0", optional=True
)
CELL_IN = Port(
    "cell", "The initial cell state: layers and directions × hidden; default: 0", optional=True
)
SEQUENCE = Port("sequence", "The hidden state of each step: steps × hidden features")
HIDDEN = Port("hidden", "The last hidden state: layers and directions × hidden")
CELL = Port("cell", "The last cell state: layers and directions × hidden")


@dataclass(frozen=True, eq=False, repr=False)
class Recurrent(SequenceLayer, Weighted):
    """Base class of RNN, GRU and LSTM."""

    category: ClassVar[str] = "recurrent"
    inputs: ClassVar[tuple[Port, ...]] = (INPUT, HIDDEN_IN)
    outputs: ClassVar[tuple[Port, ...]] = (SEQUENCE, HIDDEN)
    gates: ClassVar[int] = 1

    hidden_size: int = setting(
        Integer(
            title="Hidden features",
            help="Number of values that the layer remembers between steps, and outputs at each.",
            default=64,
        )
    )
    num_layers: int = setting(
        Integer(
            title="Layers",
            help="Number of stacked layers, each reading the steps of the one below.",
            default=1,
            maximum=MAX_LAYERS,
        )
    )
    bidirectional: bool = setting(
        Boolean(
            title="Both directions",
            help="Also reads the sequence backwards and joins both results, so that each step "
            "knows what comes after it.",
            default=False,
        )
    )
    dropout: float = setting(
        Real(
            title="Dropout",
            help="Fraction of the values set to 0 between stacked layers while training.",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )
    )
    bias: bool = setting(bias_setting("sum", advanced=True))

    @property
    def directions(self) -> int:
        """Number of directions in which the sequence is read."""
        return 2 if self.bidirectional else 1

    def card_summary(self) -> str:
        layers = [f"{self.num_layers} layers"] if self.num_layers > 1 else []
        return " · ".join([str(self.hidden_size), *layers, *["↔"] * self.bidirectional])

    def check(self, signals: Signals) -> Iterator[Problem]:
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
            yield layer_error(
                problem_code(port, "dtype"),
                f"{self.title} cannot take {dtype_text(signal.dtype)} as {port}",
                f"The port {port} takes real numbers (float32), but the input is {signal.text()} "
                f"of type {signal.dtype}. Wire it to the {port} of another recurrent layer, or "
                "leave it unconnected: then it is 0.",
                port=port,
                short=dtypes_differ(signal.dtype, "floats"),
            )
        elif signal.shape != state_shape:
            yield layer_error(
                problem_code(port, "shape"),
                f"{self.title} needs {shape_text(state_shape)} as {port}, not {signal.text()}",
                f"The input {port} is {signal.text()}, but the state of {self.title} is "
                f"{shape_text(state_shape)}: one row for each layer and direction, "
                f"{self.hidden_size} hidden features each. Make both sizes equal.",
                self._state_repairs(port, signal, state_shape),
                port=port,
                short=unequal(signal.shape, state_shape),
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
    return layer_hint(
        "dropout-between-layers",
        f"Dropout of {title} has no effect with one layer",
        f"Dropout acts between the stacked layers of {title}, but there is only one. Use more "
        "layers, or add a Dropout layer after this one.",
        (change("Use 2 layers", num_layers=2), change("Turn the dropout off", dropout=0.0)),
        short="idle dropout",
    )


@dataclass(frozen=True, eq=False, repr=False)
class RNN(Recurrent):
    """`torch.nn.RNN`, batch-first."""

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
    """`torch.nn.LSTM`, batch-first."""

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
    """`torch.nn.GRU`, batch-first."""

    name: ClassVar[str] = "gru"
    title: ClassVar[str] = "GRU"
    gates: ClassVar[int] = 3
    summary: ClassVar[str] = "A leaner LSTM with one memory and two gates"
    explanation: ClassVar[str] = (
        "Reads a sequence step by step like an LSTM, with one memory instead of two. At each step "
        "a gate decides how much of the old memory stays and how much is replaced by the new, "
        "like a slider that blends yesterday's opinion with today's news. It has a quarter fewer "
        "weights than an LSTM and is often as good."
    )
    formula: ClassVar[str] = (
        "<i>h<sub>t</sub></i> = (1 − <i>z<sub>t</sub></i>) <i>n<sub>t</sub></i> + "
        "<i>z<sub>t</sub> h</i><sub><i>t</i>−1</sub>"
    )


@dataclass(frozen=True, eq=False, repr=False)
class LastStep(SequenceLayer):
    """The last step of a sequence, or the last valid one."""

    name: ClassVar[str] = "last_step"
    title: ClassVar[str] = "Last step"
    category: ClassVar[str] = "recurrent"
    keeps_width: ClassVar[bool] = True
    passes_values: ClassVar[bool] = True
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", "A sequence: steps × anything"),
        Port("lengths", "Number of valid steps of each sequence; default: all", optional=True),
    )
    summary: ClassVar[str] = "Keeps the last step of a sequence"
    explanation: ClassVar[str] = (
        "Keeps the last step of a sequence and drops the others, as you ask only for the final "
        "score of a match. After a recurrent layer that step has seen all the others, so it can "
        "stand for the whole sequence. With lengths wired in, it is the last step before the "
        "padding; a length is clamped to between 1 and the number of steps."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x<sub>T</sub></i>"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if not signal.shape:
            yield layer_error(
                "wrong-rank",
                "Last step needs at least one axis",
                "Last step picks along the first axis, but the input is a single number without "
                "axes. Remove the layer, or wire it to a sequence.",
                (REMOVE, insert("Insert Reshape to 1", "reshape", {"shape": (1,)})),
                short="a single number",
            )
        for lengths in signals.get("lengths", ()):
            yield from _length_problems(lengths)

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}LastStep")


def _length_problems(signal: Signal) -> Iterator[Problem]:
    if signal.dtype in ("float32", "bool"):
        yield layer_error(
            "lengths-dtype",
            f"Last step cannot take {dtype_text(signal.dtype)} as lengths",
            f"A length is an integer (int64), but the input is {signal.text()} of type "
            f"{signal.dtype}. Wire the port to an Input with the role lengths, or leave it "
            "unconnected.",
            port="lengths",
            short=dtypes_differ(signal.dtype, "integers"),
        )
    elif signal.shape:
        single = math.prod(signal.shape) == 1
        number = insert("Insert Reshape to one number", "reshape", {"shape": ()}, "lengths")
        yield layer_error(
            "lengths-shape",
            f"Last step needs one length, not {signal.text()}",
            f"The input lengths is {signal.text()}, but each sequence has one length, a single "
            "number. Wire the port to an Input with the role lengths and no shape.",
            (number,) if single else (),
            port="lengths",
            short="not one number",
        )


KINDS: tuple[type[LayerKind], ...] = (RNN, LSTM, GRU, LastStep)
"""In the palette's order."""
