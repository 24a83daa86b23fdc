"""Sliding windows as views of one tensor: nothing is copied until a batch is indexed."""

from __future__ import annotations

import torch
from torch import Tensor


def sliding_windows(values: Tensor, window: int, stride: int = 1) -> Tensor:
    """Return all windows along a span as a view of it.

    Args:
        values: (L,) or (L, F).
        window: Steps in each window.
        stride: Steps between the starts of successive windows.

    Returns:
        (N, window) or (N, window, F).
    """
    windows = values.unfold(0, window, stride)
    return windows if values.ndim == 1 else windows.movedim(-1, 1)


def unique_bytes(samples: Tensor) -> int:
    """Return the memory of samples, counting what overlapping windows share only once."""
    return _span(samples) * samples.element_size() if _is_overlapping(samples) else samples.nbytes


def to_device(samples: Tensor, device: torch.device) -> Tensor:
    """Return samples on a device, contiguous; overlapping windows stay views of one tensor."""
    if not _is_overlapping(samples):
        return samples.to(device).contiguous()
    values = samples.as_strided((_span(samples),), (1,)).to(device)
    return values.as_strided(samples.shape, samples.stride())


def _is_overlapping(samples: Tensor) -> bool:
    return len(samples) > 1 and 0 < samples.stride(0) < _extent(samples)


def _span(samples: Tensor) -> int:
    return (len(samples) - 1) * samples.stride(0) + _extent(samples)


def _extent(samples: Tensor) -> int:
    """Return the number of elements between the first and last of one sample, both included."""
    steps = zip(samples.shape[1:], samples.stride()[1:], strict=True)
    return 1 + sum((size - 1) * step for size, step in steps)
