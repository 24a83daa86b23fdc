"""Classes that differ in size, and the weights that a person gives them. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from dlstudio.design.model.signals import DatasetInfo

IMBALANCE = 5
"""The largest class has at least this many times the samples of the smallest."""
_MAX_NAMES = 12
"""Weights of more classes are not all listed in a text."""


def is_imbalanced(counts: Sequence[int]) -> bool:
    """Whether the classes that occur differ much in their number of samples."""
    present = [count for count in counts if count]
    return bool(present) and max(present) >= IMBALANCE * min(present)


def weighted_names(facts: DatasetInfo) -> tuple[str, ...]:
    """Return the names of what has a weight each: the classes, or else the labels.

    Labels without names are counted from 0; empty if the data is unknown or has neither.
    """
    if facts.target is None or facts.target.meaning != "labels":
        return facts.class_names
    return facts.label_names or tuple(map(str, range(facts.target.shape[0])))


def suggested_weights(facts: DatasetInfo) -> dict[str, float]:
    """Return weights to begin with: balanced if the classes have been counted, else 1."""
    names, counts = weighted_names(facts), facts.class_counts
    if len(counts) != len(names) or not all(counts):
        return dict.fromkeys(names, 1.0)
    total = sum(counts)
    return {
        name: float(f"{total / (len(counts) * count):.3g}")
        for name, count in zip(names, counts, strict=True)
    }


def is_weight(value: float) -> bool:
    """Whether a number can be a weight."""
    return math.isfinite(value) and value >= 0


def weights_text(weights: Iterable[tuple[str, float]]) -> str:
    """Return weights as text, such as `A 0.53, B 10`."""
    pairs = list(weights)
    shown = ", ".join(f"{name} {weight:.3g}" for name, weight in pairs[:_MAX_NAMES])
    more = len(pairs) - _MAX_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def matched_weights(weights: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    """Return a valid weight for each name; 1 for those that have none."""
    return {
        name: weights[name] if is_weight(weights.get(name, math.nan)) else 1.0 for name in names
    }
