"""The best possible accuracy at predicting masked characters of dates.

With the context of both sides, and of the left side only.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.vocabulary import PAD
from dlstudio.data.load import load_data
from dlstudio.data.text.synthetic_dates import (
    CHARACTERS,
    FIRST_DAY,
    FORMATS,
    FORMATTED_LENGTH,
    LAST_DAY,
    format_date,
)
from dlstudio.data.text.synthetic_words import encode_padded
from dlstudio.training.specs.registry import TASKS
from tests.benchmarks.examples.targets import Metrics, TrainedExample

Tokens = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float64]


def measure_bounds(example: TrainedExample) -> Metrics:
    """Measure the best possible accuracy on the test subset, and that of the commonest token."""
    project, data = example.project, load_data(example.project.data)
    share = float(TASKS["masked-token"].parse(project.training.task_settings)["share"])
    assert data.test is not None
    train, test = (
        subset.inputs["tokens"].numpy().astype(np.uint8) for subset in (data.train, data.test)
    )
    noise = torch.rand(test.shape, generator=torch.Generator().manual_seed(example.seed)).numpy()
    hidden = (noise < share) & (test != PAD)
    chance_pairs = [guess_probabilities(*pair, share) for pair in zip(test, hidden, strict=True)]
    both, left = (np.concatenate(column).mean() for column in zip(*chance_pairs, strict=True))
    most_frequent = np.bincount(train[train != PAD]).argmax()
    guess_share = (test[hidden] == most_frequent).mean()
    return {"known": float(both), "known_left": float(left), "known_commonest": float(guess_share)}


def guess_probabilities(
    date: Tokens, hidden: npt.NDArray[np.bool_], share: float
) -> tuple[Shares, Shares]:
    """Return the probability that the best guess of each hidden character is right.

    The guess weighs all dates in all formats that match the visible characters. A position that is
    not visible may be hidden or padding; each hidden character multiplies the weight by `share`.

    Args:
        date: Tokens (T,), followed by padding.
        hidden: Which tokens are hidden (T,).
        share: Probability that a token is hidden.

    Returns:
        One value per hidden character: with the context of both sides, and of the left only.
    """
    all_dates = formatted_dates()
    matching = np.arange(all_dates.shape[1])
    weights = np.ones(len(matching))
    left, positions = [], np.flatnonzero(hidden)
    for position, character in enumerate(date):
        candidates = all_dates[position][matching]
        if hidden[position]:
            left.append(_best_guess_probability(candidates, weights))
        if character != PAD and not hidden[position]:
            matching, weights = matching[candidates == character], weights[candidates == character]
        else:
            weights = weights * np.where(candidates == PAD, 1.0, share)
    both = [_best_guess_probability(all_dates[index][matching], weights) for index in positions]
    return np.array(both), np.array(left)


def _best_guess_probability(characters: Tokens, weights: Shares) -> float:
    """Return the probability of the likeliest character; padding is not a guess."""
    totals = np.bincount(characters, weights, len(CHARACTERS))
    totals[PAD] = 0
    return float(totals.max() / totals.sum())


@cache
def formatted_dates() -> npt.NDArray[Any]:
    """Return every date in every format as tokens (T, dates × formats)."""
    days = [FIRST_DAY + timedelta(day) for day in range((LAST_DAY - FIRST_DAY).days + 1)]
    texts = [format_date(day, date_format) for date_format in FORMATS for day in days]
    return encode_padded(texts, CHARACTERS, FORMATTED_LENGTH).astype(np.uint8).T.copy()
