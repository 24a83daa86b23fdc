"""Fully connected layers, and the table of vectors for tokens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import axes_differ, short_enough, unequal
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.model.values import Ref
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    insert,
    layer_error,
    setting_error,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.meanings import MAPS
from dlstudio.layers.framework.settings import Boolean, Integer, setting
from dlstudio.layers.framework.weighted import Weighted, WeightNormed, bias_setting

LEFT, RIGHT = "left", "right"
BIAS = bias_setting("output")
_ROW_PER_ENTRY = "a row for each output or token"
"""Layout of the weights of Linear and Embedding: the last layer of a language model may share those
of its table of tokens.

Source: Press and Wolf 2017, "Using the output embedding to improve language models".
"""


@dataclass(frozen=True, eq=False, repr=False)
class Linear(WeightNormed):
    """`torch.nn.Linear` on the last axis."""

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    category: ClassVar[str] = "dense"
    weight_layout: ClassVar[str] = _ROW_PER_ENTRY
    summary: ClassVar[str] = "Every output listens to every input"
    explanation: ClassVar[str] = (
        "Each output neuron looks at all inputs, weighs every one of them and adds them up, like "
        "a jury in which each member has learned how much every piece of evidence counts. The bias "
        "says how a neuron leans before it has seen anything. Also known as dense or fully "
        "connected. On a sequence it works on each position separately."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>j</sub></i> = <i>b<sub>j</sub></i> + "
        "Σ<sub><i>i</i></sub> <i>w<sub>j,i</sub></i> <i>x<sub>i</sub></i>"
    )

    out_features: int = setting(
        Integer(
            title="Neurons",
            help="Number of outputs; each has its own weights.",
            default=64,
        )
    )
    bias: bool = setting(BIAS)

    def card_summary(self) -> str:
        return str(self.out_features)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if signal.dtype != "float32":
            yield _integer_input(self.title, signal)
        elif not signal.shape:
            yield layer_error(
                "wrong-rank",
                "Linear needs at least one axis",
                "Linear needs a list of features, but the input is a single number. Insert a "
                "Reshape to 1 feature.",
                (insert("Insert Reshape to 1", "reshape", {"shape": (1,)}),),
                short="a single number",
            )
        elif len(signal.shape) > 1 and signal.meaning in MAPS:
            yield _missing_flatten(signal)
        elif signal.shape[-1] * self.out_features > MAX_ELEMENTS:
            yield too_large("Linear", "Its weights", signal.shape[-1] * self.out_features)
        yield from self.check_norm()

    def call(self, signals: Signals) -> Call:
        (signal,) = signals["input"]
        return Call(
            "torch.nn.Linear",
            {
                "in_features": signal.shape[-1],
                "out_features": self.out_features,
                "bias": self.bias,
            },
            self.weight_norm,
        )

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "features" if len(shape) == 1 else super().axes_meaning(signals, shape)


def _missing_flatten(signal: Signal) -> Problem:
    features = math.prod(signal.shape)
    return layer_error(
        "missing-flatten",
        f"Linear needs a flat list, not {signal.text()}",
        f"The input is {signal.text()}, but Linear expects one flat list of features. Insert a "
        f"Flatten before it: {signal.text()} becomes {features} features. To apply it along the "
        "last axis on purpose, put a Permute before it.",
        (insert(f"Insert Flatten ({signal.text()} → {features})", "flatten", {}),),
        short=axes_differ(len(signal.shape), 1),
    )


def _integer_input(title: str, signal: Signal, port: str = "input") -> Problem:
    repairs: tuple[Repair, ...] = ()
    advice = "Choose a normalisation in the data settings, which turns them into real numbers."
    if signal.dtype in ("int64", "int32"):
        advice = "Insert an Embedding, which looks up a learned vector for each of them."
        settings = {"num_embeddings": Ref("vocabulary")} if signal.meaning == "tokens" else {}
        repairs = (insert("Insert Embedding", "embedding", settings, port),)
    return wrong_dtype(title, signal, "real numbers (float32)", advice, repairs, port=port)


@dataclass(frozen=True, eq=False, repr=False)
class Bilinear(Weighted):
    """`torch.nn.Bilinear`: weighted sums of all pairs."""

    name: ClassVar[str] = "bilinear"
    title: ClassVar[str] = "Bilinear"
    category: ClassVar[str] = "dense"
    summary: ClassVar[str] = "Every output listens to every pair of two inputs"
    explanation: ClassVar[str] = (
        "Takes two lists and weighs every pair of one number from the left and one from the "
        "right, as a cook has learned which dish goes with which wine: neither is good or bad "
        "by itself, the pair counts. It is used to judge how two things go together, such as a "
        "question and an answer. It has many weights: left times right for each output."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>k</sub></i> = <i>b<sub>k</sub></i> + Σ<sub><i>i, j</i></sub> "
        "<i>l<sub>i</sub></i> <i>w<sub>k,i,j</sub></i> <i>r<sub>j</sub></i>"
    )
    inputs: ClassVar[tuple[Port, ...]] = (
        Port(LEFT, "The first number of each pair comes from here"),
        Port(RIGHT, "The second number of each pair comes from here"),
    )

    out_features: int = setting(
        Integer(
            title="Neurons",
            help="Number of outputs; each weighs every pair with its own weights.",
            default=16,
        )
    )
    bias: bool = setting(BIAS)

    def card_summary(self) -> str:
        return str(self.out_features)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (left,), (right,) = signals[LEFT], signals[RIGHT]
        operands = ((LEFT, left), (RIGHT, right))
        problems = [
            *(
                _integer_input(self.title, signal, port)
                for port, signal in operands
                if signal.dtype != "float32"
            ),
            *(_scalar_input(port) for port, signal in operands if not signal.shape),
        ]
        count = math.prod((*left.shape[-1:], *right.shape[-1:], self.out_features))
        if problems:
            # A fix changes one port, so none is offered if both are wrong.
            yield problems[0] if len(problems) == 1 else replace(problems[0], repairs=())
        elif left.shape[:-1] != right.shape[:-1]:
            yield _shape_mismatch(left, right)
        elif count > MAX_ELEMENTS:
            yield too_large(self.title, "Its weights", count)

    def call(self, signals: Signals) -> Call:
        return Call(
            "torch.nn.Bilinear",
            {
                "in1_features": signals[LEFT][0].shape[-1],
                "in2_features": signals[RIGHT][0].shape[-1],
                "out_features": self.out_features,
                "bias": self.bias,
            },
        )

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return "features" if len(shape) == 1 else super().axes_meaning(signals, shape)


def _scalar_input(port: str) -> Problem:
    return layer_error(
        "wrong-rank",
        "Bilinear needs two lists",
        "Bilinear pairs the numbers of two lists, but an input is a single number. Insert a "
        "Reshape to 1 feature.",
        (insert("Insert Reshape to 1", "reshape", {"shape": (1,)}, port),),
        port,
        short="a single number",
    )


def _shape_mismatch(left: Signal, right: Signal) -> Problem:
    longer = [port for port, signal in ((LEFT, left), (RIGHT, right)) if len(signal.shape) > 1]
    repairs = [insert(f"Insert Flatten on {longer[0]}", "flatten", {}, longer[0])]
    return layer_error(
        "shape-mismatch",
        f"Bilinear cannot pair {left.text()} and {right.text()}",
        f"The inputs are {left.text()} and {right.text()}, but Bilinear pairs two lists; axes "
        "before the last must be equal on both sides. Flatten the input that is not a list, or "
        "wire it to layers with equal shapes.",
        repairs if len(longer) == 1 else (),
        longer[0],
        short=unequal(left.shape, right.shape),
    )


@dataclass(frozen=True, eq=False, repr=False)
class Embedding(Weighted):
    """`torch.nn.Embedding`: a table with one vector per token."""

    name: ClassVar[str] = "embedding"
    title: ClassVar[str] = "Embedding"
    category: ClassVar[str] = "dense"
    weight_layout: ClassVar[str] = _ROW_PER_ENTRY
    summary: ClassVar[str] = "Looks up a learned vector for each integer"
    explanation: ClassVar[str] = (
        "A dictionary in which every word, written as its number, has a list of learned features. "
        "The layer looks up each number and returns its list. During training, words used in "
        "similar ways move together, like towns on a map that lie close because people travel "
        "between them."
    )
    formula: ClassVar[str] = "<i>y<sub>t</sub></i> = <i>W</i>[<i>x<sub>t</sub></i>]"

    num_embeddings: int = setting(
        Integer(
            title="Entries",
            help="Number of different integers that can occur, counted from 0.",
            default=1000,
        )
    )
    embedding_dim: int = setting(
        Integer(title="Features", help="Length of the vector of each entry.", default=64)
    )
    padding_idx: int | None = setting(
        Integer(
            title="Padding entry",
            help="The entry used only for padding: its vector is never learned. Negative counts "
            "from the end.",
            default=None,
            minimum=-1_000_000,
            optional=True,
            advanced=True,
        )
    )
    scale_grad_by_freq: bool = setting(
        Boolean(
            title="Balance frequent entries",
            help="Divides each entry's gradient by how often it occurs in the batch.",
            default=False,
            advanced=True,
        )
    )

    def card_summary(self) -> str:
        return f"{self.num_embeddings} → {self.embedding_dim}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if signal.dtype not in ("int64", "int32"):
            yield wrong_dtype(
                "Embedding",
                signal,
                "integers (int64), each the number of an entry",
                "Wire it to an Input with the role tokens, or remove it.",
                (REMOVE,),
            )
        entry, count = self.padding_idx, self.num_embeddings
        if entry is not None and not -count <= entry < count:
            yield setting_error(
                f"There is no entry {entry} to pad with",
                f"The table has the entries 0…{count - 1}, so the padding entry cannot be {entry}. "
                "Choose one of them, or none.",
                (
                    change("Set the padding entry to 0", padding_idx=0),
                    change("Use no padding entry", padding_idx=None),
                ),
                short=short_enough(f"no entry {entry}", "no such entry"),
            )
        if count * self.embedding_dim > MAX_ELEMENTS:
            yield too_large("Embedding", "Its table", count * self.embedding_dim)

    def call(self, signals: Signals) -> Call:
        return Call(
            "torch.nn.Embedding",
            {
                "num_embeddings": self.num_embeddings,
                "embedding_dim": self.embedding_dim,
                "padding_idx": self.padding_idx,
                "scale_grad_by_freq": self.scale_grad_by_freq,
            },
        )

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return {1: "features", 2: "sequence"}.get(len(shape), "")


KINDS: tuple[type[LayerKind], ...] = (Linear, Bilinear, Embedding)
"""In the palette's order."""
