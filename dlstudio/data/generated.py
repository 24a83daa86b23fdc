"""Makes sequences by a rule: sums to remember, words to reverse, reviews to judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data import made_dates, made_words
from dlstudio.data.generated_facts import INFO_BY_SOURCE
from dlstudio.data.parts import Subset, RawSamples
from dlstudio.data.vocabulary import PAD

Options = Mapping[str, Any]


def read_synthetic_sequences(name: str, options: Options) -> RawSamples:
    """Return the samples of a generated source, the same for the same options."""
    return replace(_MAKERS[name](options), facts=INFO_BY_SOURCE[name](options))


def teacher_forcing(inputs: Tensor, targets: Tensor) -> Subset:
    """Return sequences (N, T) to be read and to be written (N, L), for teacher forcing.

    What goes into a decoder is the wanted sequence one place later, behind a blank; both are
    views of the same numbers.
    """
    shifted = functional.pad(targets, (1, 0), value=PAD)
    return Subset({"tokens": inputs, "target tokens": shifted[:, :-1]}, shifted[:, 1:])


def _adding(options: Options) -> RawSamples:
    """Make the adding problem: one number is marked in each half, and their sum is wanted.

    Source: Hochreiter and Schmidhuber 1997, "Long short-term memory"; Le et al. 2015, "A simple
    way to initialize recurrent networks of rectified linear units", with numbers from 0 to 1.
    """
    count, length = options["samples"], options["length"]
    rng = np.random.default_rng(options["seed"])
    values = rng.random((count, length))
    marks = np.zeros((count, length))
    half = length // 2
    positions = (rng.integers(0, half, count), rng.integers(half, length, count))
    rows = np.arange(count)
    for position in positions:
        marks[rows, position] = 1
    steps = torch.from_numpy(np.stack([values, marks], 2).astype(np.float32))
    target = (steps[..., 0] * steps[..., 1]).sum(1)
    return RawSamples(
        Subset({"samples": steps}, target), columns=("value", "marked"), indicators=frozenset({1})
    )


def _copying(options: Options) -> RawSamples:
    """Make the copying problem: a class for each step, the blank until the signal has come.

    Source: Arjovsky et al. 2016, "Unitary evolution recurrent neural networks", after Hochreiter
    and Schmidhuber 1997.
    """
    count, symbols, delay = options["samples"], options["symbols"], options["delay"]
    vocabulary = made_words.SYMBOLS
    rng = np.random.default_rng(options["seed"])
    shown = rng.integers(1, len(vocabulary) - 1, (count, symbols))
    inputs = np.full((count, 2 * symbols + delay), PAD, np.int64)
    targets = inputs.copy()
    inputs[:, :symbols], targets[:, -symbols:] = shown, shown
    inputs[:, -symbols - 1] = len(vocabulary) - 1
    return RawSamples(
        Subset({"tokens": torch.from_numpy(inputs)}, torch.from_numpy(targets)),
        class_names=vocabulary.tokens,
        vocabulary=vocabulary,
    )


def _reversal(options: Options) -> RawSamples:
    words, length = made_words.random_words(options), options["longest"] + 1
    inputs, targets = (
        torch.from_numpy(made_words.encode_padded(texts, made_words.LETTERS, length))
        for texts in (words, [word[::-1] for word in words])
    )
    return RawSamples(teacher_forcing(inputs, targets), vocabulary=made_words.LETTERS)


def _dates(options: Options) -> RawSamples:
    formatted, iso = made_dates.random_dates(options)
    vocabulary = made_dates.CHARACTERS
    inputs = made_words.encode_padded(formatted, vocabulary, made_dates.FORMATTED_LENGTH)
    targets = made_words.encode_padded(iso, vocabulary, made_dates.ISO_LENGTH)
    return RawSamples(
        teacher_forcing(torch.from_numpy(inputs), torch.from_numpy(targets)), vocabulary=vocabulary
    )


def _reviews(options: Options) -> RawSamples:
    texts, classes, negated = made_words.random_reviews(options)
    vocabulary = made_words.REVIEW_WORDS
    tokens = torch.from_numpy(made_words.encode_padded(texts, vocabulary, made_words.REVIEW_LENGTH))
    return RawSamples(
        Subset(
            {"tokens": tokens},
            torch.from_numpy(classes),
            subgroups={"negated": torch.from_numpy(negated)},
        ),
        class_names=made_words.REVIEW_CLASSES,
        vocabulary=vocabulary,
    )


_MAKERS: Mapping[str, Callable[[Options], RawSamples]] = {
    "adding": _adding,
    "copy-memory": _copying,
    "word-reversal": _reversal,
    "dates": _dates,
    "reviews": _reviews,
}
