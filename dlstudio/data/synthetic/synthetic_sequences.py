"""Generates sequences by rules: sums, symbols to copy, words to reverse, dates, reviews."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.vocabulary import PAD
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.sequences import (
    adding_info,
    copy_memory_info,
    dates_info,
    reviews_info,
    word_reversal_info,
)
from dlstudio.data.text import synthetic_dates, synthetic_words


def teacher_forcing(inputs: Tensor, targets: Tensor) -> Subset:
    """Return input sequences (N, T) and target sequences (N, L), for teacher forcing.

    The decoder's input is the target shifted right by one padding token; both are views of the
    same tensor.
    """
    shifted = functional.pad(targets, (1, 0), value=PAD)
    return Subset({"tokens": inputs, "target tokens": shifted[:, :-1]}, shifted[:, 1:])


def read_adding(request: ReadRequest) -> RawSamples:
    """Generate the adding problem: one number is marked in each half; the target is their sum.

    Source: Hochreiter and Schmidhuber 1997, "Long short-term memory"; Le et al. 2015, "A simple
    way to initialize recurrent networks of rectified linear units", with numbers from 0 to 1.
    """
    options = request.options
    count, length = options["samples"], options["length"]
    rng = np.random.default_rng(options["seed"])
    values = rng.random((count, length))
    marked = np.zeros((count, length))
    half = length // 2
    positions = (rng.integers(0, half, count), rng.integers(half, length, count))
    rows = np.arange(count)
    for position in positions:
        marked[rows, position] = 1
    steps = torch.from_numpy(np.stack([values, marked], 2).astype(np.float32))
    target = (steps[..., 0] * steps[..., 1]).sum(1)
    return RawSamples(
        Subset({"samples": steps}, target),
        columns=("value", "marked"),
        indicators=frozenset({1}),
        facts=adding_info(options, request.split),
    )


def read_copy_memory(request: ReadRequest) -> RawSamples:
    """Generate the copying problem: a class per step, the padding token until the recall signal.

    Source: Arjovsky et al. 2016, "Unitary evolution recurrent neural networks", after Hochreiter
    and Schmidhuber 1997.
    """
    options = request.options
    count, symbols, delay = options["samples"], options["symbols"], options["delay"]
    vocabulary = synthetic_words.SYMBOLS
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
        facts=copy_memory_info(options, request.split),
    )


def read_word_reversal(request: ReadRequest) -> RawSamples:
    """Return random words and the same words reversed."""
    options = request.options
    words, length = synthetic_words.random_words(options), options["longest"] + 1
    inputs, targets = (
        torch.from_numpy(synthetic_words.encode_padded(texts, synthetic_words.LETTERS, length))
        for texts in (words, [word[::-1] for word in words])
    )
    return RawSamples(
        teacher_forcing(inputs, targets),
        vocabulary=synthetic_words.LETTERS,
        facts=word_reversal_info(options, request.split),
    )


def read_dates(request: ReadRequest) -> RawSamples:
    """Return dates in random formats, and the same dates in ISO 8601."""
    options = request.options
    formatted, iso = synthetic_dates.random_dates(options)
    vocabulary = synthetic_dates.CHARACTERS
    inputs = synthetic_words.encode_padded(formatted, vocabulary, synthetic_dates.FORMATTED_LENGTH)
    targets = synthetic_words.encode_padded(iso, vocabulary, synthetic_dates.ISO_LENGTH)
    return RawSamples(
        teacher_forcing(torch.from_numpy(inputs), torch.from_numpy(targets)),
        vocabulary=vocabulary,
        facts=dates_info(options, request.split),
    )


def read_reviews(request: ReadRequest) -> RawSamples:
    """Return synthetic reviews and whether they are good."""
    options = request.options
    texts, classes, negated = synthetic_words.random_reviews(options)
    vocabulary = synthetic_words.REVIEW_WORDS
    tokens = torch.from_numpy(
        synthetic_words.encode_padded(texts, vocabulary, synthetic_words.REVIEW_LENGTH)
    )
    return RawSamples(
        Subset(
            {"tokens": tokens},
            torch.from_numpy(classes),
            subgroups={"negated": torch.from_numpy(negated)},
        ),
        class_names=synthetic_words.REVIEW_CLASSES,
        vocabulary=vocabulary,
        facts=reviews_info(options, request.split),
    )
