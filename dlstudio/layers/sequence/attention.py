"""Attention layers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS, too_large
from dlstudio.layers.framework.settings import Integer, Real, setting
from dlstudio.layers.framework.weighted import Weighted, bias_setting
from dlstudio.layers.sequence import attention_checks as checks
from dlstudio.layers.sequence.sequence_layers import SequenceLayer, has_errors

OWN = "dlstudio.network.modules.attention."
PORTS = (*checks.QUERY_KEY_VALUE, checks.MASK)


def heads_summary(heads: int, causal: bool) -> str:
    """Return the card's text for attention: `4 heads · causal`."""
    return f"{heads} {'head' if heads == 1 else 'heads'}{' · causal' * causal}"


@dataclass(frozen=True, eq=False, repr=False)
class MultiheadAttention(SequenceLayer, Weighted):
    """`torch.nn.MultiheadAttention`, batch-first."""

    name: ClassVar[str] = "multihead_attention"
    title: ClassVar[str] = "MultiheadAttention"
    category: ClassVar[str] = "attention"
    inputs: ClassVar[tuple[Port, ...]] = PORTS
    summary: ClassVar[str] = "Each step looks at all others and picks what it needs"
    explanation: ClassVar[str] = (
        "Every step asks a question, the query; every source wears a label, the key, and carries "
        "a message, the value. The better question and label fit, the more of the message is "
        "taken in, like listening at a party to those who talk about your topic. Several heads "
        "ask different questions at once. With only the query wired, the sequence looks at "
        "itself."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>W</i> [softmax(<i>Q<sub>h</sub> K<sub>h</sub></i><sup>T</sup> / √<i>d</i>) "
        "<i>V<sub>h</sub></i>]<sub><i>h</i></sub>"
    )

    num_heads: int = setting(
        Integer(
            title="Heads",
            help=checks.HEADS.help,
            default=4,
            maximum=checks.MAX_HEADS,
        )
    )
    causal: bool = setting(checks.CAUSAL)
    dropout: float = setting(
        Real(
            title="Dropout",
            help="Fraction of the attention weights set to 0 at each step of training.",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )
    )
    bias: bool = setting(bias_setting("projection", advanced=True))

    def card_summary(self) -> str:
        return heads_summary(self.num_heads, self.causal)

    def check(self, signals: Signals) -> Iterator[Problem]:
        problems = list(checks.query_key_value(self.title, signals))
        if not has_errors(problems):
            query, (key, value) = signals["query"][0], checks.key_and_value(signals)
            steps, features = query.shape
            sizes = steps, key.shape[0]
            problems += checks.heads_divide(self.title, "num_heads", self.num_heads, features)
            problems += checks.mask_fits(self.title, signals, sizes)
            count = features * max(features, key.shape[1], value.shape[1])
            if count > MAX_ELEMENTS:
                problems.append(too_large(self.title, "Its weights", count))
        yield from problems

    def call(self, signals: Signals) -> Call:
        key, value = checks.key_and_value(signals)
        return Call(
            f"{OWN}MultiheadAttention",
            {
                "embed_dim": signals["query"][0].shape[1],
                "kdim": key.shape[1],
                "vdim": value.shape[1],
                "num_heads": self.num_heads,
                "dropout": self.dropout,
                "bias": self.bias,
                "causal": self.causal,
            },
        )


@dataclass(frozen=True, eq=False, repr=False)
class Attention(SequenceLayer):
    """Scaled dot-product attention without weights."""

    name: ClassVar[str] = "attention"
    title: ClassVar[str] = "Dot-product attention"
    category: ClassVar[str] = "attention"
    inputs: ClassVar[tuple[Port, ...]] = PORTS
    summary: ClassVar[str] = "Mixes values by how well query and key agree"
    explanation: ClassVar[str] = (
        "The bare heart of attention, without weights of its own: each step compares its query "
        "with all keys and averages the values, weighting those most whose keys resemble it. It "
        "is like asking several witnesses and believing those most who were there. Put Linear "
        "layers before its ports to let it learn what to compare."
    )
    formula: ClassVar[str] = "<i>y</i> = softmax(<i>Q K</i><sup>T</sup> / √<i>d</i>) <i>V</i>"

    heads: int = setting(checks.HEADS)
    causal: bool = setting(checks.CAUSAL)

    def card_summary(self) -> str:
        return heads_summary(self.heads, self.causal)

    def check(self, signals: Signals) -> Iterator[Problem]:
        problems = list(checks.query_key_value(self.title, signals))
        if not has_errors(problems):
            query, (key, value) = signals["query"][0], checks.key_and_value(signals)
            steps, features = query.shape
            if "key" in signals:
                problems += checks.same_features(self.title, "key", key, features)
            shared = math.gcd(features, value.shape[1])
            problems += checks.heads_divide(self.title, "heads", self.heads, shared)
            problems += checks.mask_fits(self.title, signals, (steps, key.shape[0]))
        yield from problems

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}Attention", {"heads": self.heads, "causal": self.causal})


KINDS: tuple[type[LayerKind], ...] = (MultiheadAttention, Attention)
"""In the palette's order."""
