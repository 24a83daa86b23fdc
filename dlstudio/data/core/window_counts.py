"""Counts windows along a stretch of a series or text. Knows no torch."""

from __future__ import annotations

SUBSETS = ("train", "validation", "test")
"""The stretches in the order in which they lie: what comes last is what nobody knew before."""


def window_count(length: int, window: int, stride: int, ahead: int = 1) -> int:
    """Return how many windows fit with `ahead` further steps to predict behind each."""
    return max((length - window - ahead) // stride + 1, 0)


def random_windows_per_epoch(length: int, window: int, ahead: int = 1) -> int:
    """Return how many random windows make an epoch: each step is seen about once."""
    return max((length - ahead) // window, 1)
