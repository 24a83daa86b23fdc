"""Counts the windows of a series or text. Does not import torch."""

from __future__ import annotations

SUBSETS = ("train", "validation", "test")
"""The subsets in the order of their spans along a series or text: the test span is last."""


def window_count(length: int, window: int, stride: int, ahead: int = 1) -> int:
    """Return how many windows fit, each followed by `ahead` steps to predict."""
    return max((length - window - ahead) // stride + 1, 0)


def random_windows_per_epoch(length: int, window: int, ahead: int = 1) -> int:
    """Return the number of random windows in an epoch, which sees each step about once."""
    return max((length - ahead) // window, 1)
