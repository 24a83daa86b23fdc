"""Made-up words and reviews: pieces of text by a rule, the same for the same seed. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.split import Rows
from dlstudio.data.vocabulary import BLANK, Vocabulary

LETTERS = Vocabulary(("", *"abcdefghijklmnopqrstuvwxyz"))
_VOWELS, _CONSONANTS = tuple("aeiouy"), tuple("bcdfghjklmnpqrstvwxz")

_THINGS = (
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
_PRAISE = (
    "brilliant", "charming", "clever", "funny", "good", "great", "lovely", "moving", "superb",
    "wonderful",
)  # fmt: skip
_BLAME = (
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
_STRESS = ("absolutely", "really", "so", "truly", "very")
_NEGATIONS = ("hardly", "never", "not")
_OPENINGS = ("", "i say ", "simply ")
_LINKS = ("and", "i", "simply", "say", "the", "was", "while")
REVIEW_WORDS = Vocabulary(
    ("", *sorted((*_THINGS, *_PRAISE, *_BLAME, *_STRESS, *_NEGATIONS, *_LINKS))), "words"
)
REVIEW_LENGTH = 15
"""Words of the longest review: an opening, a link, and two judgements of six words."""
REVIEW_CLASSES = ("bad", "good")

SYMBOLS = Vocabulary(("-", *"12345678", "?"))
"""What is remembered, between the blank of a pause and the signal that asks for it."""


def padded(texts: Sequence[str], table: Vocabulary, length: int) -> Rows:
    """Return the tokens of texts (N, length), blanks behind them."""
    numbers = np.full((len(texts), length), BLANK, np.int64)
    for row, text in zip(numbers, texts, strict=True):
        tokens = table.encode(text)
        row[: len(tokens)] = tokens
    return numbers


def words(options: Mapping[str, Any]) -> list[str]:
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


def reviews(options: Mapping[str, Any]) -> tuple[list[str], Rows, npt.NDArray[np.bool_]]:
    """Return reviews, their classes, and which of them hold a negation.

    A review judges one thing or two, in agreement: bad and good ones come in turn.
    """
    rng = np.random.default_rng(options["seed"])
    classes = np.arange(options["samples"]) % 2
    texts, negated = [], np.zeros(len(classes), np.bool_)
    for index, good in enumerate(classes):
        opinions = [
            _judgement(rng, bool(good), options["negated"]) for _ in range(rng.integers(1, 3))
        ]
        link = _one(rng, (" and ", " while "))
        texts.append(_one(rng, _OPENINGS) + link.join(text for text, _ in opinions))
        negated[index] = any(is_negated for _, is_negated in opinions)
    return texts, classes.astype(np.int64), negated


def _judgement(source: np.random.Generator, good: bool, share: float) -> tuple[str, bool]:
    is_negated = bool(source.random() < share)
    adjectives = _PRAISE if good != is_negated else _BLAME
    phrase = ["the", _one(source, _THINGS), "was"]
    if is_negated:
        phrase.append(_one(source, _NEGATIONS))
    if source.random() < 0.4:
        phrase.append(_one(source, _STRESS))
    return " ".join((*phrase, _one(source, adjectives))), is_negated


def _one(source: np.random.Generator, of: Sequence[str]) -> str:
    return of[int(source.integers(0, len(of)))]
