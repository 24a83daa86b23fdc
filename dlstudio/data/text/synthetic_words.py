"""Made-up words and reviews: pieces of text by a rule, the same for the same seed. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.split import IntArray
from dlstudio.data.core.vocabulary import PAD, Vocabulary

LETTERS = Vocabulary(("", *"abcdefghijklmnopqrstuvwxyz"))
_VOWELS, _CONSONANTS = tuple("aeiouy"), tuple("bcdfghjklmnpqrstvwxz")

_ASPECTS = (
    "acting",
    "cast",
    "ending",
    "film",
    "music",
    "plot",
    "script",
    "sound",
    "story",
    "villain",
)
_POSITIVE_WORDS = (
    "brilliant", "charming", "clever", "funny", "good", "great", "lovely", "moving", "superb",
    "wonderful",
)  # fmt: skip
_NEGATIVE_WORDS = (
    "awful",
    "bad",
    "boring",
    "clumsy",
    "dreadful",
    "dull",
    "poor",
    "silly",
    "terrible",
    "weak",
)
_INTENSIFIERS = ("absolutely", "really", "so", "truly", "very")
_NEGATIONS = ("hardly", "never", "not")
_OPENINGS = ("", "i say ", "simply ")
_FILLER_WORDS = ("and", "i", "simply", "say", "the", "was", "while")
REVIEW_WORDS = Vocabulary(
    (
        "",
        *sorted(
            (
                *_ASPECTS,
                *_POSITIVE_WORDS,
                *_NEGATIVE_WORDS,
                *_INTENSIFIERS,
                *_NEGATIONS,
                *_FILLER_WORDS,
            )
        ),
    ),
    "words",
)
REVIEW_LENGTH = 15
"""Words of the longest review: an opening, a link, and two judgements of six words."""
REVIEW_CLASSES = ("bad", "good")

SYMBOLS = Vocabulary(("-", *"12345678", "?"))
"""What is remembered, between the blank of a pause and the signal that asks for it."""


def encode_padded(texts: Sequence[str], vocabulary: Vocabulary, length: int) -> IntArray:
    """Return the tokens of texts (N, length), blanks behind them."""
    numbers = np.full((len(texts), length), PAD, np.int64)
    for row, text in zip(numbers, texts, strict=True):
        tokens = vocabulary.encode(text)
        row[: len(tokens)] = tokens
    return numbers


def random_words(options: Mapping[str, Any]) -> list[str]:
    """Return different words that can be spoken, of three letters at least."""
    rng = np.random.default_rng(options["seed"])
    words: dict[str, None] = {}
    while len(words) < options["samples"]:
        lengths = rng.integers(3, options["longest"] + 1, 1000)
        for length, first in zip(lengths, rng.integers(0, 2, 1000), strict=True):
            turns = (np.arange(length) + first) % 2
            numbers = rng.integers(0, 1 << 30, length)
            kinds = (_CONSONANTS, _VOWELS)
            letters = zip((kinds[turn] for turn in turns), numbers, strict=True)
            words["".join(alphabet[number % len(alphabet)] for alphabet, number in letters)] = None
    return list(words)[: options["samples"]]


def random_reviews(options: Mapping[str, Any]) -> tuple[list[str], IntArray, npt.NDArray[np.bool_]]:
    """Return reviews, their classes, and which of them hold a negation.

    A review judges one thing or two, in agreement: bad and good ones come in turn.
    """
    rng = np.random.default_rng(options["seed"])
    classes = np.arange(options["samples"]) % 2
    texts, negated = [], np.zeros(len(classes), np.bool_)
    for index, good in enumerate(classes):
        opinions = [
            _opinion(rng, bool(good), options["negated"]) for _ in range(rng.integers(1, 3))
        ]
        link = _pick(rng, (" and ", " while "))
        texts.append(_pick(rng, _OPENINGS) + link.join(text for text, _ in opinions))
        negated[index] = any(is_negated for _, is_negated in opinions)
    return texts, classes.astype(np.int64), negated


def _opinion(rng: np.random.Generator, is_good: bool, negated_share: float) -> tuple[str, bool]:
    is_negated = bool(rng.random() < negated_share)
    adjectives = _POSITIVE_WORDS if is_good != is_negated else _NEGATIVE_WORDS
    phrase = ["the", _pick(rng, _ASPECTS), "was"]
    if is_negated:
        phrase.append(_pick(rng, _NEGATIONS))
    if rng.random() < 0.4:
        phrase.append(_pick(rng, _INTENSIFIERS))
    return " ".join((*phrase, _pick(rng, adjectives))), is_negated


def _pick(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(0, len(choices)))]
