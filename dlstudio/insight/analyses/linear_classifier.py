"""A linear classifier on the embeddings of a network."""

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
    """The result of a linear classifier.

    Attributes:
        accuracy: Share of the test samples classified correctly.
        labelled: Number of labels it was trained on.
        chance: Accuracy of always predicting the most frequent class.
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
    """Return the accuracy of a logistic regression on embeddings.

    Args:
        rows: Embeddings `(N, D)` to train on.
        labels: Their classes `(N,)`.
        test_rows: Embeddings to test on, `(M, D)`.
        test_labels: Their classes.
        per_class: Number of labels per class, chosen by `seed`; 0 uses all.
        seed: Seed of the choice.

    Raises:
        ValueError: There are fewer than two classes.
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
    """Return the indices of up to `per_class` samples of each class; 0 returns all."""
    if not per_class:
        return np.arange(len(labels))
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    chosen = [shuffled[labels[shuffled] == label][:per_class] for label in np.unique(labels)]
    return np.sort(np.concatenate(chosen))
