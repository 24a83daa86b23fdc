"""How much of the classes a network has found by itself: a linear classifier on its embeddings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Embeddings = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

_MAX_ITERATIONS = 2000


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a linear classifier told.

    Attributes:
        accuracy: Share of the tested samples told right.
        labelled: How many labels it was given.
        chance: What always telling the most frequent class would reach.
    """

    accuracy: float
    labelled: int
    chance: float


def linear_probe(
    rows: Embeddings,
    labels: Labels,
    test_rows: Embeddings,
    test_labels: Labels,
    *,
    per_class: int,
    seed: int,
) -> ProbeResult:
    """Return how well a logistic regression tells the classes of embeddings.

    Args:
        rows: Embeddings `(N, D)` to learn from.
        labels: Their classes `(N,)`.
        test_rows: Embeddings to be tested on, `(M, D)`.
        test_labels: Their classes.
        per_class: Labels of each class that are used, drawn by `seed`; 0 uses all.
        seed: Of the choice.

    Raises:
        ValueError: There are fewer than two classes to learn.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    chosen = choose_labelled(labels, per_class, seed)
    if len(np.unique(labels[chosen])) < 2:
        raise ValueError("A linear probe needs at least two classes.")
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=_MAX_ITERATIONS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows[chosen], labels[chosen])
    predicted = model.predict(test_rows)
    majority_share = np.bincount(test_labels).max() / len(test_labels)
    return ProbeResult(float((predicted == test_labels).mean()), len(chosen), float(majority_share))


def choose_labelled(labels: Labels, per_class: int, seed: int) -> Labels:
    """Return the places of `per_class` samples of each class, all where it has fewer or for 0."""
    if not per_class:
        return np.arange(len(labels))
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    chosen = [shuffled[labels[shuffled] == label][:per_class] for label in np.unique(labels)]
    return np.sort(np.concatenate(chosen))
