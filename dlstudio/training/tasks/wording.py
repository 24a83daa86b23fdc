"""Words that several tasks use for people."""

from __future__ import annotations

from torch import Tensor


def shape_text(samples: Tensor) -> str:
    """Return the shape of one sample of a batch: `1×28×28`."""
    return "×".join(map(str, samples.shape[1:])) or "one number"
