"""Layers with two inputs whose order matters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import axes_differ, unequal
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.custom_modules import custom_call
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    dtype_text,
    insert,
    layer_error,
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
    """Base class of layers with two input ports."""

    category: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[Port, ...]] = (Port("left"), Port("right"))

    def check(self, signals: Signals) -> Iterator[Problem]:
        first, second = (signals[name][0] for name in self.port_names())
        problems = [*self.dtype_problems((first, second))]
        yield from problems or self.shape_problems((first, second))

    def dtype_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield a problem of each input that is not of real numbers."""
        for port, signal in zip(self.port_names(), pair, strict=True):
            if signal.dtype != "float32":
                yield self.dtype_problem(signal, port)

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield a problem if the shapes do not match."""
        if len(pair[0].shape) != len(pair[1].shape):
            yield self.shape_mismatch(
                pair,
                f"{self.title} takes two inputs with equal numbers of axes. Flatten the larger "
                "one, or wire it to layers with equal shapes.",
                merge_repairs.flatten_and_equalise(pair),
            )
        elif not can_broadcast(pair):
            yield self.shape_mismatch(
                pair,
                "the sizes must be equal; only sizes of 1 are broadcast. Give both the same shape.",
                merge_repairs.equalise(pair),
            )

    def shape_mismatch(
        self, pair: SignalPair, rule: str, repairs: tuple[Repair, ...] = ()
    ) -> Problem:
        """Return the problem of two shapes that do not match, with fixes for both wires."""
        return layer_error(
            "shape-mismatch",
            f"{self.title} cannot join {shape_list(pair)}",
            f"The inputs are {shape_list(pair)}, but {rule}",
            merge_repairs.single_wire_repairs(repairs, self.port_names()),
            port=self.port_names()[1],
            short=unequal(pair[0].shape, pair[1].shape),
        )

    def dtype_problem(self, signal: Signal, port: str) -> Problem:
        """Return the problem of a port that does not receive real numbers."""
        advice = "Choose a normalisation in the data settings, or insert an Embedding before it."
        return wrong_dtype(self.title, signal, "real numbers (float32)", advice, port=port)

    @classmethod
    def port_names(cls) -> tuple[str, ...]:
        """Return the names of the two ports."""
        return tuple(port.name for port in cls.inputs)

    def call(self, signals: Signals) -> Call:
        return custom_call(self, "merge")


@dataclass(frozen=True, eq=False, repr=False)
class Subtract(BinaryLayer):
    """Difference of two inputs."""

    name: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Subtract"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("left", "The minuend"),
        Port("right", "The subtrahend"),
    )
    summary: ClassVar[str] = "Subtracts one input from another"
    explanation: ClassVar[str] = (
        "Subtracts the right input from the left one, position by position, as you compare two "
        "photographs to see what has changed. A network that judges pairs looks at such "
        "differences; a denoising network predicts the noise and subtracts it. Axes of size 1 are "
        "broadcast."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i><sub>left</sub> − <i>x</i><sub>right</sub>"

    def dtype_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield problems of Booleans, and of bytes that would wrap around below 0."""
        bytes_only = all(signal.dtype == "uint8" for signal in pair)
        for port, signal in zip(self.port_names(), pair, strict=True):
            if signal.dtype == "bool" or bytes_only:
                yield layer_error(
                    "wrong-dtype",
                    f"Subtract cannot take {signal.dtype}",
                    f"The input is {signal.text()} of type {signal.dtype}. "
                    f"{dtype_text(signal.dtype).capitalize()} of this type have no negative "
                    "differences. Choose a normalisation in the data settings, which gives real "
                    "numbers.",
                    (REMOVE,),
                    port=port,
                    short="no negatives",
                )


@dataclass(frozen=True, eq=False, repr=False)
class MatMul(BinaryLayer):
    """Matrix product of two inputs."""

    name: ClassVar[str] = "matmul"
    title: ClassVar[str] = "MatMul"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("left", "Its rows are multiplied"),
        Port("right", "Its columns, or its rows when transposed, are multiplied"),
    )
    summary: ClassVar[str] = "Multiplies two matrices"
    explanation: ClassVar[str] = (
        "Compares every row of the left matrix with every column of the right one: multiplied "
        "number by number and added up, as prices and amounts give a total. A large result means "
        "that the two point the same way. Attention is built from it: queries times transposed "
        "keys show who listens to whom, and these weights times the values are what they hear."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>i,j</sub></i> = "
        "Σ<sub><i>k</i></sub> <i>a<sub>i,k</sub></i> <i>b<sub>k,j</sub></i>"
    )

    transpose_right: bool = setting(
        Boolean(
            title="Transpose the right matrix",
            help="Swaps rows and columns of the right matrix first, so that rows are compared "
            "with rows.",
            default=False,
        )
    )

    def card_summary(self) -> str:
        return "A · Bᵀ" if self.transpose_right else "A · B"

    def shape_problems(self, pair: SignalPair) -> Iterator[Problem]:
        """Yield what is not a matrix, and inner sizes that differ."""
        left, right = pair
        is_flat = [len(signal.shape) < 2 for signal in pair]
        if any(is_flat):
            port, signal = self.port_names()[is_flat.index(True)], pair[is_flat.index(True)]
            row = insert("Insert Unsqueeze, which makes it one row", "unsqueeze", {}, port)
            yield layer_error(
                "wrong-rank",
                f"MatMul cannot take {signal.text()}",
                f"MatMul multiplies matrices, rows × columns, but the input is {signal.text()}. "
                "Unsqueeze turns a list into a matrix with one row.",
                (row,) if sum(is_flat) == 1 and signal.shape else (),
                port=port,
                short=axes_differ(len(signal.shape), 2),
            )
            return
        outer = left.shape[:-2], right.shape[:-2]
        if len(outer[0]) != len(outer[1]) or not can_broadcast(tuple(map(Signal, outer))):
            yield self.shape_mismatch(
                pair, "the axes before rows and columns must be equal for both, or 1."
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
        title = "Transpose the right matrix" if flipped else "Do not transpose the right matrix"
        return layer_error(
            "size-mismatch",
            f"MatMul cannot join {shape_list(pair)}",
            f"The inputs are {shape_list(pair)}, and the right matrix is "
            f"{'transposed' if self.transpose_right else 'not transposed'}: {left.shape[-1]} "
            f"columns on the left meet {self._right_shape(right.shape)[0]} rows on the right. The "
            "two numbers must be equal.",
            (change(title, transpose_right=flipped),) if fits else (),
            port="right",
            short=unequal(left.shape[-1], self._right_shape(right.shape)[0]),
        )


@dataclass(frozen=True, eq=False, repr=False)
class CosineSimilarity(BinaryLayer):
    """`torch.nn.CosineSimilarity` along the last axis."""

    name: ClassVar[str] = "cosine_similarity"
    title: ClassVar[str] = "CosineSimilarity"
    summary: ClassVar[str] = "Measures how far two vectors point the same way"
    explanation: ClassVar[str] = (
        "Compares the directions of two vectors and ignores their lengths, as two people may look "
        "the same way from different distances. 1 means the same direction, 0 nothing in common, "
        "−1 the opposite. It compares learned descriptions of images or words. The last axis "
        "disappears."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>a · b</i> / max(‖<i>a</i>‖ ‖<i>b</i>‖, ε)"

    eps: float = setting(
        Real(
            title="Epsilon",
            help="Lower limit of the lengths, so that nothing is divided by 0.",
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
            yield layer_error(
                "wrong-rank",
                "Single numbers have no direction",
                "CosineSimilarity compares the directions of two vectors, but the inputs are "
                "single numbers. Wire it to layers with several outputs, or use Multiply.",
                port="left",
                short="single numbers",
            )
        else:
            yield from super().shape_problems(pair)

    def call(self, signals: Signals) -> Call:
        return Call("torch.nn.CosineSimilarity", {"dim": -1, "eps": self.eps})

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return MEANING_BY_AXES.get(len(shape), "")


@dataclass(frozen=True, eq=False, repr=False)
class Reparameterise(BinaryLayer):
    """A sample of a normal distribution, with the reparameterisation trick."""

    name: ClassVar[str] = "reparameterise"
    title: ClassVar[str] = "Reparameterise"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("mean", "The centre of each bell curve"),
        Port("log_variance", "The logarithm of its variance; 0 is a standard deviation of 1"),
    )
    summary: ClassVar[str] = "Samples a bell curve of learned centre and width"
    explanation: ClassVar[str] = (
        "Samples each number from a bell curve whose centre and width the network has computed, "
        "like a thrower who knows where to aim and how far the dart strays. The random part is a "
        "factor from outside, so gradients reach both. It is the heart of a variational "
        "autoencoder; after training it passes the centre on."
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
                "mean and log variance must have the same shape, since each number has one of "
                "both. Make both from the same input by two equal layers, or by a Split.",
                equalise(pair),
            )

    def call(self, signals: Signals) -> Call:
        return custom_call(self, "values")


KINDS: tuple[type[LayerKind], ...] = (Subtract, MatMul, CosineSimilarity, Reparameterise)
"""In the palette's order."""
