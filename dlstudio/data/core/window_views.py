"""Windows along a stretch as views of it: nothing is copied until a batch is cut out."""

from __future__ import annotations

import torch
from torch import Tensor


def sliding_windows(values: Tensor, window: int, stride: int = 1) -> Tensor:
    """Return all windows of a stretch as a view of it.

    Args:
        values: (L,) or (L, F).
        window: Steps of each window.
        stride: Steps from one window's start to the next one's.

    Returns:
        (N, window) or (N, window, F).
    """
    cut = values.unfold(0, window, stride)
    return cut if values.ndim == 1 else cut.movedim(-1, 1)


def unique_bytes(samples: Tensor) -> int:
    """Return the memory that samples take, counting what windows share once."""
    return _span(samples) * samples.element_size() if _is_overlapping(samples) else samples.nbytes


def to_device(samples: Tensor, device: torch.device) -> Tensor:
    """Return samples on a device, contiguous; windows stay views of one stretch."""
    if not _is_overlapping(samples):
        return samples.to(device).contiguous()
    values = samples.as_strided((_span(samples),), (1,)).to(device)
    return values.as_strided(samples.shape, samples.stride())


def _is_overlapping(samples: Tensor) -> bool:
    return len(samples) > 1 and 0 < samples.stride(0) < _extent(samples)


def _span(samples: Tensor) -> int:
    return (len(samples) - 1) * samples.stride(0) + _extent(samples)


def _extent(samples: Tensor) -> int:
    """Return how far apart the first and the last number of one sample lie, both included."""
    steps = zip(samples.shape[1:], samples.stride()[1:], strict=True)
    return 1 + sum((size - 1) * step for size, step in steps)
