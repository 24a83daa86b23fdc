"""Positional encodings, and the class token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import exceeds, indivisible
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS, change, layer_error, too_large
from dlstudio.layers.framework.settings import Choice, Integer, Real, setting
from dlstudio.layers.framework.weighted import Weighted
from dlstudio.layers.sequence.attention_checks import HEADS
from dlstudio.layers.sequence.sequence_layers import (
    SequenceLayer,
    has_errors,
    match_features,
    needs_sequence,
)

OWN = "dlstudio.network.modules.positions."
BASE = Real(
    title="Base",
    help="Controls the longest wavelength: larger bases suit longer sequences.",
    default=10_000.0,
    minimum=2.0,
    maximum=1e9,
    advanced=True,
)


@dataclass(frozen=True, eq=False, repr=False)
class LearnedVectors(SequenceLayer, Weighted):
    """A kind whose only weights are vectors added to the sequence, not matrices."""

    category: ClassVar[str] = "attention"

    initialisation: str = setting(
        Choice(
            title="Initialisation",
            help="Initial values of the learned vectors: small and random (default), or all 0.",
            default="default",
            options=("default", "zero"),
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class SinusoidalPositions(SequenceLayer):
    """Sinusoidal positional encoding."""

    name: ClassVar[str] = "sinusoidal_positions"
    title: ClassVar[str] = "Sinusoidal positions"
    category: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Adds sine waves that encode each position"
    explanation: ClassVar[str] = (
        "Attention sees a heap of steps without order, so this layer writes its position into "
        "each: it adds sine waves, fast ones in the first features and slow ones in the last. "
        "Together they tell the position as the hands of a clock tell the time. Nothing is "
        "learned, and any length is possible."
    )
    formula: ClassVar[str] = (
        "<i>y</i><sub><i>t</i>, 2<i>i</i></sub> = <i>x</i><sub><i>t</i>, 2<i>i</i></sub> + "
        "sin(<i>t</i> / <i>b</i><sup>2<i>i</i>/<i>F</i></sup>), then cos"
    )

    base: float = setting(BASE)

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from needs_sequence(self.title, signals["input"][0])

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}SinusoidalPositions", {"base": self.base})


@dataclass(frozen=True, eq=False, repr=False)
class LearnedPositions(LearnedVectors):
    """Learned positional embedding."""

    name: ClassVar[str] = "learned_positions"
    title: ClassVar[str] = "Learned positions"
    summary: ClassVar[str] = "Adds a learned vector to each position"
    explanation: ClassVar[str] = (
        "Attention sees a heap of steps without order, so this layer adds a vector of its own to "
        "each position, learned like any weight, as seats in a hall carry numbers. GPT-2 and BERT "
        "do so. There are only so many seats: a sequence can have no more steps than positions."
    )
    formula: ClassVar[str] = "<i>y<sub>t</sub></i> = <i>x<sub>t</sub></i> + <i>p<sub>t</sub></i>"

    max_length: int = setting(
        Integer(title="Places", help="Largest number of steps of a sequence.", default=512)
    )

    def card_summary(self) -> str:
        return str(self.max_length)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(needs_sequence(self.title, signal))
        if not has_errors(problems):
            steps, features = signal.shape
            if steps > self.max_length:
                problems.append(_too_long(steps, self.max_length))
            if self.max_length * features > MAX_ELEMENTS:
                problems.append(too_large(self.title, "Its table", self.max_length * features))
        yield from problems

    def call(self, signals: Signals) -> Call:
        features = signals["input"][0].shape[1]
        arguments = {"max_length": self.max_length, "features": features}
        return Call(f"{OWN}LearnedPositions", arguments)


def _too_long(steps: int, places: int) -> Problem:
    return layer_error(
        "too-long",
        f"{steps} steps, but only {places} positions",
        f"The sequence has {steps} steps, but Learned positions has vectors for only {places}. Set "
        "at least as many positions as there are steps.",
        (change(f"Set {places} positions", max_length=steps),),
        short=exceeds(steps, places),
    )


@dataclass(frozen=True, eq=False, repr=False)
class RotaryPositions(SequenceLayer):
    """Rotary positional embedding."""

    name: ClassVar[str] = "rotary_positions"
    title: ClassVar[str] = "Rotary positions"
    category: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Rotates query or key by an angle for each position"
    explanation: ClassVar[str] = (
        "Takes the features in pairs, as points on a plane, and rotates them the further the "
        "later the step, like the hands of many clocks. When attention then compares a rotated "
        "query with a rotated key, only the distance between their positions counts. Put one "
        "after the layer that makes the query and one after that for the key; Llama does so."
    )
    formula: ClassVar[str] = (
        "<i>y<sub>t</sub></i> = <i>R</i>(<i>t</i> θ<sub><i>i</i></sub>) <i>x<sub>t</sub></i>, "
        "θ<sub><i>i</i></sub> = <i>b</i><sup>−2<i>i</i>/<i>d</i></sup>"
    )

    heads: int = setting(HEADS)
    base: float = setting(BASE)

    def card_summary(self) -> str:
        return f"{self.heads} heads" if self.heads > 1 else ""

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(needs_sequence(self.title, signal))
        yield from problems
        if has_errors(problems) or signal.shape[1] % (2 * self.heads) == 0:
            return
        features, heads = signal.shape[1], self.heads
        repairs = match_features(signal, features + -features % (2 * heads), "input")
        if features % 2 == 0:
            fitting = next(count for count in range(heads, 0, -1) if features % (2 * count) == 0)
            repairs = (
                change(f"Use {fitting} {'head' if fitting == 1 else 'heads'}", heads=fitting),
            )
        yield layer_error(
            "uneven-pairs",
            f"{features} features cannot be paired for {heads} {'head' if heads == 1 else 'heads'}",
            f"Rotary positions rotates the features of each head in pairs, so {features} would "
            f"have to be a multiple of {2 * heads}. Change the features or the number of heads.",
            repairs,
            short=indivisible(features, 2 * heads),
        )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}RotaryPositions", {"heads": self.heads, "base": self.base})


@dataclass(frozen=True, eq=False, repr=False)
class ClassToken(LearnedVectors):
    """A learned step before the sequence."""

    name: ClassVar[str] = "class_token"
    title: ClassVar[str] = "Class token"
    summary: ClassVar[str] = "Puts one learned step before the sequence"
    explanation: ClassVar[str] = (
        "Puts one more step, learned and the same for every sample, before the sequence. It has no "
        "content of its own; in the attention layers that follow it gathers what it needs from "
        "all the others, like a clerk who sits at the head of the table and takes the minutes. "
        "The answer is then read from it alone."
    )
    formula: ClassVar[str] = "<i>y</i> = [<i>c</i>, <i>x</i><sub>1</sub>, …, <i>x<sub>T</sub></i>]"

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from needs_sequence(self.title, signals["input"][0])

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}ClassToken", {"features": signals["input"][0].shape[1]})


KINDS: tuple[type[LayerKind], ...] = (
    SinusoidalPositions,
    LearnedPositions,
    RotaryPositions,
    ClassToken,
)
"""In the palette's order."""
