"""Outlines of sounds for a drawing: lowest and highest sample in each of many short spans."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Outline = npt.NDArray[np.float32]


def outline(sound: npt.NDArray[np.floating], length: int, spans: int) -> Outline:
    """Return the lowest and the highest sample of each span `(2, spans)`.

    Args:
        sound: Samples in -1…1 `(L,)`.
        length: Number of samples that all spans cover together; a longer sound is cut, and the
            spans after a shorter one are 0.
        spans: Number of spans.
    """
    result = np.zeros((2, spans), np.float32)
    sound = sound[:length]
    edges = np.linspace(0, length, spans + 1).round().astype(np.int64)
    for index in range(spans):
        part = sound[edges[index] : max(edges[index + 1], edges[index] + 1)]
        if len(part):
            result[:, index] = part.min(), part.max()
    return result
