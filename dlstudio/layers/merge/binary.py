"""Layers in which two wires meet whose order matters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.custom_modules import custom_call
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    dtype_text,
    error,
    insert,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.meanings import MEANING_BY_AXES
from dlstudio.layers.framework.settings import Boolean, Real, setting
from dlstudio.layers.merge import merge_repairs
from dlstudio.layers.merge.merge import can_broadcast, shape_list

SignalPair = tuple[Signal, Signal]


@dataclass(frozen=True, eq=False, repr=False)
class BinaryLayer(LayerKind):
    """What layers with two ports share."""

    category: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[Port, ...]] = (Port("left"), Port("right"))

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield types that do not go, else shapes that do not fit each other."""
        first, second = (signals[name][0] for name in self.port_names())
        problems = [*self.dtype_problems((first, second))]
        yield from problems or self.shape_problems((first, second))

    def dtype_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield what is not made of real numbers."""
        for port, signal in zip(self.port_names(), pair, strict=True):
            if signal.dtype != "float32":
                yield self.dtype_problem(signal, port)

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield shapes that do not fit each other."""
        if len(pair[0].shape) != len(pair[1].shape):
            yield self.shape_mismatch(
                pair,
                f"{self.title} takes two signals with equally many axes. Flatten the larger one, "
                "or wire it to layers of the same form.",
                merge_repairs.flatten_and_equalise(pair),
            )
        elif not can_broadcast(pair):
            yield self.shape_mismatch(
                pair,
                "the sizes must be the same; only sizes of 1 are stretched. Bring one to the "
                "shape of the other.",
                merge_repairs.equalise(pair),
            )

    def shape_mismatch(
        self, pair: SignalPair, rule: str, repairs: tuple[Repair, ...] = ()
    ) -> Problem:
        """Return the problem of two shapes that do not go together; `repairs` name two wires."""
        return error(
            "shape-mismatch",
            f"{self.title} cannot join {shape_list(pair)}",
            f"{shape_list(pair)} arrive, but {rule}",
            merge_repairs.single_wire_repairs(repairs, self.port_names()),
            port=self.port_names()[1],
        )

    def dtype_problem(self, signal: Signal, port: str) -> Problem:
        """Return the problem of a port at which no real numbers arrive."""
        advice = "Choose a normalisation in the data settings, or insert an Embedding before it."
        return wrong_dtype(self.title, signal, "real numbers (float32)", advice, port=port)

    @classmethod
    def port_names(cls) -> tuple[str, ...]:
        """Return the names of the two ports."""
        return tuple(port.name for port in cls.inputs)

    def call(self, signals: Signals) -> Call:
        """Return our module of the same name with every setting."""
        return custom_call(self, "merge")


@dataclass(frozen=True, eq=False, repr=False)
class Subtract(BinaryLayer):
    """Difference."""

    name: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Subtract"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("left", "What is taken from"),
        Port("right", "What is taken away"),
    )
    summary: ClassVar[str] = "Takes one signal away from another"
    explanation: ClassVar[str] = (
        "Takes the right signal away from the left one, place by place, as one compares two "
        "photographs to see what has changed. A network that judges pairs looks at such "
        "differences; a denoising network predicts the noise and takes it away. Axes of size 1 "
        "are stretched."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i><sub>left</sub> − <i>x</i><sub>right</sub>"

    def dtype_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield true-or-false values, and bytes that would wrap round below 0."""
        bytes_only = all(signal.dtype == "uint8" for signal in pair)
        for port, signal in zip(self.port_names(), pair, strict=True):
            if signal.dtype == "bool" or bytes_only:
                yield error(
                    "wrong-dtype",
                    f"Subtract cannot take {signal.dtype}",
                    f"{signal.text()} of type {signal.dtype} arrives. "
                    f"{dtype_text(signal.dtype).capitalize()} of this type have no negative "
                    "differences. Choose a normalisation in the data settings, which gives real "
                    "numbers.",
                    (REMOVE,),
                    port=port,
                )


@dataclass(frozen=True, eq=False, repr=False)
class MatMul(BinaryLayer):
    """Matrix product."""

    name: ClassVar[str] = "matmul"
    title: ClassVar[str] = "MatMul"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("left", "Its rows are multiplied"),
        Port("right", "Its columns, or turned its rows, are multiplied"),
    )
    summary: ClassVar[str] = "Multiplies two matrices"
    explanation: ClassVar[str] = (
        "Compares every row of the left matrix with every column of the right one: multiplied "
        "number by number and added up, as prices and amounts give a total. A large result means "
        "that the two point the same way. Attention is made of it: queries times turned keys says "
        "who listens to whom, and these weights times values is what they hear."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>i,j</sub></i> = "
        "Σ<sub><i>k</i></sub> <i>a<sub>i,k</sub></i> <i>b<sub>k,j</sub></i>"
    )

    transpose_right: bool = setting(
        Boolean(
            title="Turn the right matrix",
            help="Exchanges rows and columns of the right matrix first, so that rows are compared "
            "with rows.",
            default=False,
        )
    )

    def card_summary(self) -> str:
        """Return the product as it is written."""
        return "A · Bᵀ" if self.transpose_right else "A · B"

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield what is no matrix, and inner sizes that differ."""
        left, right = pair
        is_flat = [len(signal.shape) < 2 for signal in pair]
        if any(is_flat):
            port, signal = self.port_names()[is_flat.index(True)], pair[is_flat.index(True)]
            row = insert("Insert Unsqueeze, which makes it one row", "unsqueeze", {}, port)
            yield error(
                "wrong-rank",
                f"MatMul cannot take {signal.text()}",
                f"MatMul multiplies matrices, rows × columns, but {signal.text()} arrives. A list "
                "becomes a matrix with one row by an Unsqueeze.",
                (row,) if sum(is_flat) == 1 and signal.shape else (),
                port=port,
            )
            return
        outer = left.shape[:-2], right.shape[:-2]
        if len(outer[0]) != len(outer[1]) or not can_broadcast(tuple(map(Signal, outer))):
            yield self.shape_mismatch(
                pair, "the axes before rows and columns must be the same for both, or 1."
            )
        elif left.shape[-1] != self._right_shape(right.shape)[0]:
            yield self._inner_size_problem(pair)
        else:
            axes = max(math.prod(sizes) for sizes in outer)
            count = axes * left.shape[-2] * self._right_shape(right.shape)[1]
            if count > MAX_ELEMENTS:
                yield too_large("MatMul", "Its output", count)

    def _right_shape(self, shape: Shape) -> Shape:
        """Return rows and columns of the right matrix as they are multiplied."""
        return tuple(reversed(shape[-2:])) if self.transpose_right else shape[-2:]

    def _inner_size_problem(self, pair: SignalPair) -> Problem:
        left, right = pair
        flipped = not self.transpose_right
        fits = left.shape[-1] == right.shape[-1 if flipped else -2]
        title = "Turn the right matrix" if flipped else "Do not turn the right matrix"
        return error(
            "size-mismatch",
            f"MatMul cannot join {shape_list(pair)}",
            f"{shape_list(pair)} arrive, and the right matrix is "
            f"{'turned' if self.transpose_right else 'taken as it is'}: the {left.shape[-1]} "
            f"columns on the left meet {self._right_shape(right.shape)[0]} rows on the right. The "
            "two numbers must be the same.",
            (change(title, transpose_right=flipped),) if fits else (),
            port="right",
        )


@dataclass(frozen=True, eq=False, repr=False)
class CosineSimilarity(BinaryLayer):
    """Angle."""

    name: ClassVar[str] = "cosine_similarity"
    title: ClassVar[str] = "CosineSimilarity"
    summary: ClassVar[str] = "Tells how far two vectors point the same way"
    explanation: ClassVar[str] = (
        "Compares the directions of two vectors and forgets their lengths, as two people may look "
        "the same way from different distances. 1 means the same direction, 0 nothing in common, "
        "−1 the opposite. It compares learnt descriptions of images or words. The last axis "
        "disappears."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>a · b</i> / max(‖<i>a</i>‖ ‖<i>b</i>‖, ε)"

    eps: float = setting(
        Real(
            title="Epsilon",
            help="A tiny number below which no length falls, so that nothing is divided by 0.",
            default=1e-8,
            minimum=1e-12,
            maximum=1.0,
            advanced=True,
        )
    )

    def dtype_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield integers on both sides."""
        if all(signal.dtype != "float32" for signal in pair):
            yield from super().dtype_problems(pair)

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield single numbers, which have no direction, and shapes that do not fit."""
        if not any(signal.shape for signal in pair):
            yield error(
                "wrong-rank",
                "Single numbers have no direction",
                "CosineSimilarity compares the directions of two vectors, but single numbers "
                "arrive. Wire it to layers with several outputs, or use Multiply.",
                port="left",
            )
        else:
            yield from super().shape_problems(pair)

    def call(self, signals: Signals) -> Call:
        """Return torch's CosineSimilarity along the last axis."""
        return Call("torch.nn.CosineSimilarity", {"dim": -1, "eps": self.eps})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        """Return what so many axes usually stand for."""
        return MEANING_BY_AXES.get(len(shape), "")


@dataclass(frozen=True, eq=False, repr=False)
class Reparameterise(BinaryLayer):
    """A draw from a normal distribution."""

    name: ClassVar[str] = "reparameterise"
    title: ClassVar[str] = "Reparameterise"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("mean", "The middle of each bell curve"),
        Port("log_variance", "The logarithm of its variance; 0 is a deviation of 1"),
    )
    summary: ClassVar[str] = "Draws from a bell curve of learnt place and width"
    explanation: ClassVar[str] = (
        "Draws each number from a bell curve whose middle and width the network has worked out, "
        "like a thrower who knows where to aim and how far the dart strays. The chance is a factor "
        "from outside, so gradients reach both. It is the heart of a variational autoencoder; "
        "when it is used, it hands on the middle."
    )
    formula: ClassVar[str] = "<i>z</i> = μ + e<sup>log σ² / 2</sup> ε, ε drawn from N(0, 1)"

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield shapes that differ."""
        first, second = (signal.shape for signal in pair)
        if first != second:
            equalise = (
                merge_repairs.equalise
                if len(first) == len(second)
                else merge_repairs.flatten_and_equalise
            )
            yield self.shape_mismatch(
                pair,
                "mean and log variance must have the same shape, as each number has one of both. "
                "Make both from the same signal by two equal layers, or by a Split.",
                equalise(pair),
            )

    def call(self, signals: Signals) -> Call:
        """Return our Reparameterise."""
        return custom_call(self, "values")


KINDS: tuple[type[LayerKind], ...] = (Subtract, MatMul, CosineSimilarity, Reparameterise)
"""In the palette's order."""
