"""When classes count as imbalanced. Does not import torch."""

from __future__ import annotations

from collections.abc import Sequence

IMBALANCE = 5
"""The largest class has at least this many times the samples of the smallest."""


def is_imbalanced(counts: Sequence[int]) -> bool:
    """Whether the classes that occur differ much in their number of samples."""
    present = [count for count in counts if count]
    return bool(present) and max(present) >= IMBALANCE * min(present)
