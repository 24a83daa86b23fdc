"""The comparison by which early stopping, plateau schedules and the best epoch judge a metric.

Does not import torch.
"""

from __future__ import annotations

import math


def is_improvement(
    value: float,
    best: float | None,
    *,
    higher_is_better: bool,
    minimum: float = 0.0,
    share: float = 0.0,
) -> bool:
    """Whether a metric is better than the best one so far, as torch's ReduceLROnPlateau compares.

    NaN never is. Unlike torch's relative threshold, that of a negative metric also demands a better
    value and not a worse one.

    Args:
        value: The new metric.
        best: The best one so far; None before the first.
        higher_is_better: Whether a larger metric is better.
        minimum: Smaller improvements do not count (torch's `threshold_mode="abs"`).
        share: Improvements below this share of the size of `best` do not count (`"rel"`).
    """
    sign = 1.0 if higher_is_better else -1.0
    if best is None or math.isinf(best):
        return sign * value > (-math.inf if best is None else sign * best)
    return sign * value > sign * best + max(minimum, share * abs(best))
