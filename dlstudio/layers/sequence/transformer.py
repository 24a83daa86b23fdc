"""Encoder and decoder layers of transformers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS, too_large
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Real, Setting, setting
from dlstudio.layers.framework.weighted import Weighted, bias_setting
from dlstudio.layers.normalisation.normalisation import EPS
from dlstudio.layers.sequence import attention_checks as checks
from dlstudio.layers.sequence.attention import heads_summary
from dlstudio.layers.sequence.sequence_layers import SequenceLayer, has_errors, needs_sequence

OWN = "dlstudio.network.modules.transformer."


@dataclass(frozen=True, eq=False, repr=False)
class TransformerLayer(SequenceLayer, Weighted):
    """Base class of encoder and decoder layers."""

    category: ClassVar[str] = "attention"

    nhead: int = setting(
        Integer(title="Heads", help=checks.HEADS.help, default=4, maximum=checks.MAX_HEADS)
    )
    dim_feedforward: int = setting(
        Integer(
            title="Inner features",
            help="Width of the feed-forward network that each step passes after attention; 4 "
            "times the features is usual.",
            default=2048,
        )
    )
    causal: bool = setting(checks.CAUSAL)
    dropout: float = setting(
        Real(
            title="Dropout",
            help="Fraction of the values set to 0 at each step of training, in all its parts.",
            default=0.1,
            minimum=0.0,
            maximum=1.0,
        )
    )
    activation: str = setting(
        Choice(
            title="Activation",
            help="Activation of the feed-forward network: relu as in the first transformer, gelu "
            "as in GPT.",
            default="relu",
            options=("relu", "gelu"),
        )
    )
    norm_first: bool = setting(
        Boolean(
            title="Norm first",
            help="Normalises before each part instead of after it, as GPT-2 does; deep stacks "
            "then learn more steadily.",
            default=False,
        )
    )
    layer_norm_eps: float = setting(EPS)
    bias: bool = setting(bias_setting("sum", advanced=True))

    def card_summary(self) -> str:
        return heads_summary(self.nhead, self.causal)

    def width_problems(self, signal: Signal) -> Iterator[Problem]:
        """Yield heads that do not divide the features, and too many weights."""
        features = signal.shape[1]
        yield from checks.heads_divide(self.title, "nhead", self.nhead, features)
        count = features * max(features, self.dim_feedforward)
        if count > MAX_ELEMENTS:
            yield too_large(self.title, "Its weights", count)

    def call(self, signals: Signals) -> Call:
        declarations: dict[str, Setting] = dict(self.declarations())
        for name in Weighted.declarations():
            del declarations[name]
        settings: dict[str, Any] = {name: getattr(self, name) for name in declarations}
        features = signals[self.inputs[0].name][0].shape[1]
        return Call(f"{OWN}{self.title}", {"d_model": features, **settings})


@dataclass(frozen=True, eq=False, repr=False)
class TransformerEncoderLayer(TransformerLayer):
    """An encoder layer, or with causal attention the layer of a language model."""

    name: ClassVar[str] = "transformer_encoder_layer"
    title: ClassVar[str] = "TransformerEncoderLayer"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", "A sequence: steps × features"),
        checks.mask_port("mask", "steps", "steps"),
    )
    summary: ClassVar[str] = "Self-attention, then a feed-forward network for each step"
    explanation: ClassVar[str] = (
        "First all steps look at each other and take in what matters to them, then each thinks it "
        "over alone in a small feed-forward network, as a class discusses a question before "
        "everyone writes down an answer. Both parts only add to what is there, and a norm keeps "
        "it in range. Stacks of this layer make BERT and, with causal on, GPT."
    )
    formula: ClassVar[str] = (
        "<i>z</i> = norm(<i>x</i> + attention(<i>x</i>)), "
        "<i>y</i> = norm(<i>z</i> + network(<i>z</i>)); with the norm first "
        "<i>z</i> = <i>x</i> + attention(norm(<i>x</i>)), "
        "<i>y</i> = <i>z</i> + network(norm(<i>z</i>))"
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(needs_sequence(self.title, signal))
        if not has_errors(problems):
            steps = signal.shape[0]
            problems += self.width_problems(signal)
            problems += checks.mask_fits(self.title, signals, (steps, steps))
        yield from problems


@dataclass(frozen=True, eq=False, repr=False)
class TransformerDecoderLayer(TransformerLayer):
    """A decoder layer, which also attends to the output of an encoder."""

    name: ClassVar[str] = "transformer_decoder_layer"
    title: ClassVar[str] = "TransformerDecoderLayer"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("target", "The sequence that is being written: steps × features"),
        Port("memory", "The output of the encoder: sources × as many features"),
        checks.mask_port("target_mask", "steps", "steps"),
        checks.mask_port("memory_mask", "steps", "sources"),
    )
    summary: ClassVar[str] = "Self-attention, attention to an encoder, feed-forward"
    explanation: ClassVar[str] = (
        "Writes one sequence while reading another, as a translator does: each step first looks "
        "at what is written so far, then at the memory that an encoder made of the source, and "
        "then thinks it over in a small feed-forward network. Switch causal on for training, or "
        "each word could simply copy the next one."
    )
    formula: ClassVar[str] = (
        "<i>z</i> = norm(<i>x</i> + attention(<i>x</i>)), <i>u</i> = norm(<i>z</i> + "
        "attention(<i>z</i>, <i>m</i>)), <i>y</i> = norm(<i>u</i> + network(<i>u</i>)); "
        "with the norm first <i>z</i> = <i>x</i> + attention(norm(<i>x</i>)) and so on"
    )

    def check(self, signals: Signals) -> Iterator[Problem]:
        (target,), (memory,) = signals["target"], signals["memory"]
        problems = list(needs_sequence(self.title, target, "target"))
        problems += needs_sequence(self.title, memory, "memory")
        if not has_errors(problems):
            steps, features = target.shape
            sizes = steps, memory.shape[0]
            problems += checks.same_features(self.title, "memory", memory, features)
            problems += self.width_problems(target)
            problems += checks.mask_fits(self.title, signals, (steps, steps), "target_mask")
            problems += checks.mask_fits(self.title, signals, sizes, "memory_mask")
        yield from problems


KINDS: tuple[type[LayerKind], ...] = (TransformerEncoderLayer, TransformerDecoderLayer)
"""In the palette's order."""
