"""Splits samples into training, validation and test subsets by seed. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.subset_sizes import subset_sizes, training_size
from dlstudio.design.model.data_settings import Split

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SplitIndices:
    """Row indices of each subset, in ascending order."""

    train: IntArray
    validation: IntArray
    test: IntArray


def split_indices(
    count: int,
    split: Split,
    *,
    has_test: bool = False,
    has_validation: bool = False,
    classes: IntArray | None = None,
) -> SplitIndices:
    """Split `count` samples, stratified by `classes` if the settings request it.

    Training samples beyond the limit `most` are in no subset.
    """
    _, validation_size, test_size = subset_sizes(
        count, split, has_test=has_test, has_validation=has_validation
    )
    labels = classes if classes is not None and split.stratified else np.zeros(count, np.int64)
    all_rows = np.arange(count)
    test = _stratified_sample(all_rows, labels, test_size, split.seed, 0)
    rest = np.setdiff1d(all_rows, test, assume_unique=True)
    validation = _stratified_sample(rest, labels[rest], validation_size, split.seed, 1)
    train = np.setdiff1d(rest, validation, assume_unique=True)
    used = training_size(len(train), split)
    if used < len(train):
        train = _stratified_sample(train, labels[train], used, split.seed, 2)
    return SplitIndices(train, validation, test)


def _stratified_sample(
    rows: IntArray, labels: IntArray, size: int, seed: int, purpose: int
) -> IntArray:
    """Draw `size` of `rows` without replacement, from each label in proportion."""
    if size == 0:
        return rows[:0]
    generator = np.random.default_rng([seed % 2**64, purpose])
    shuffled = generator.permutation(len(rows))
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    quotas = _quotas(counts, size)
    by_class = shuffled[np.argsort(inverse[shuffled], kind="stable")]
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rank = np.arange(len(rows)) - np.repeat(starts, counts)
    sampled: IntArray = np.sort(rows[by_class[rank < np.repeat(quotas, counts)]])
    return sampled


def _quotas(counts: IntArray, size: int) -> IntArray:
    """Distribute `size` over classes by largest remainder, leaving one of each if possible."""
    limit = counts - 1 if int((counts - 1).sum()) >= size else counts
    ideal = size * counts / counts.sum()
    quota: IntArray = np.minimum(np.floor(ideal).astype(np.int64), limit)
    while (missing := size - int(quota.sum())) > 0:
        open_classes = np.flatnonzero(quota < limit)
        neediest = open_classes[
            np.argsort(quota[open_classes] - ideal[open_classes], kind="stable")
        ]
        quota[neediest[:missing]] += 1
    return quota
