"""Latent spaces: the range of codes, and interpolation between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dlstudio.training.protocol.errors import TrainingError

MAX_PROBED_AXES = 128
"""Number of axes whose effect is measured; the others come after them."""
NORMAL_RANGE = 3.0
"""Nearly all of a standard normal distribution is between −3 and 3."""
_COLLINEAR_COSINE = 0.9995
"""Two positions with a cosine above this are treated as collinear."""


@dataclass(frozen=True, slots=True)
class LatentSpace:
    """A latent space of D dimensions around a sample.

    Attributes:
        start: The position of the sample (D,).
        low, high: Useful range of each dimension (D,).
        order: The dimensions, the most influential first (D,).
    """

    start: Tensor
    low: Tensor
    high: Tensor
    order: Tensor


def space_around(codes: Tensor, *, normal: bool = False) -> LatentSpace:
    """Return the space of the codes of several samples (N, *), around the first code.

    Dimensions are ordered by the standard deviation of the codes.

    Args:
        codes: Codes of the samples from an encoder.
        normal: Whether the codes are approximately standard normal; else the range of each
            dimension is that of the codes.
    """
    flat = codes.flatten(1).float()
    order = flat.std(0, correction=0).argsort(descending=True, stable=True)
    if normal:
        reach = torch.full_like(flat[0], NORMAL_RANGE)
        return LatentSpace(flat[0], -reach, reach, order)
    return LatentSpace(flat[0], flat.amin(0), flat.amax(0), order)


def parse_positions(latent: Sequence[float], shape: Sequence[int], like: Tensor) -> Tensor:
    """Return positions (S, *shape) from a flat list.

    Raises:
        TrainingError: The length is not a multiple of the size of a position.
    """
    size = torch.Size(shape).numel()
    if len(latent) % size:
        raise TrainingError(
            f"A position in this latent space has {size} numbers, not {len(latent)}."
        )
    return like.new_tensor(latent).reshape(-1, *shape)


def lerp_path(stops: Tensor, count: int) -> Tensor:
    """Return `count` positions by linear interpolation from the first stop to the last.

    Args:
        stops: Positions `(S, *)`; a single one is repeated.
        count: Number of positions.
    """
    before, after, share = _interpolation_indices(stops, count)
    return torch.lerp(stops[before], stops[after], share)


def slerp_path(start: Tensor, end: Tensor, count: int) -> Tensor:
    """Return `count` positions by spherical interpolation between two normal noise vectors.

    Linear interpolation would give norms that are too small: high-dimensional noise lies near a
    sphere. Source: White 2016, "Sampling generative networks", section 3.1.

    Args:
        start: The first position, of any shape.
        end: The last one, of the same shape.
        count: Number of positions.
    """
    unit = (start / start.norm().clamp_min(1e-12), end / end.norm().clamp_min(1e-12))
    cosine = (unit[0] * unit[1]).sum().clamp(-1, 1)
    stops = torch.stack((start, end))
    if abs(float(cosine)) > _COLLINEAR_COSINE:
        return lerp_path(stops, count)
    angle = torch.arccos(cosine)
    _, _, share = _interpolation_indices(stops, count)
    near, far = torch.sin((1 - share) * angle), torch.sin(share * angle)
    return (near * start + far * end) / torch.sin(angle)


def _interpolation_indices(stops: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    position = torch.linspace(0, len(stops) - 1, count, device=stops.device)
    before = position.long().clamp(max=max(len(stops) - 2, 0))
    after = (before + 1).clamp(max=len(stops) - 1)
    return before, after, (position - before).reshape(-1, *[1] * (stops.ndim - 1))
