"""The inner numbers from which a network makes a sample: where they lie, and ways through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dlstudio.training.protocol.errors import TrainingError

MAX_PROBED_AXES = 128
"""Of so many axes it is tried out how much they change; others come behind them."""
NORMAL_RANGE = 3.0
"""Nearly all of a unit normal distribution lies between −3 and 3."""
_COLLINEAR_COSINE = 0.9995
"""Two positions whose cosine is above this lie on a line for all purposes."""


@dataclass(frozen=True, slots=True)
class LatentSpace:
    """A latent space of D numbers around a sample.

    Attributes:
        start: The position of the sample (D,).
        low, high: Between which a number is worth moving (D,).
        order: The axes, those that tell most first (D,).
    """

    start: Tensor
    low: Tensor
    high: Tensor
    order: Tensor


def space_around(codes: Tensor, *, normal: bool = False) -> LatentSpace:
    """Return the space of the codes of several samples (N, *), from the first one's.

    The axes along which the codes spread most come first.

    Args:
        codes: What an encoder made of the samples.
        normal: Whether the codes were made to be standard normal; else each axis reaches as far
            as the codes do.
    """
    flat = codes.flatten(1).float()
    order = flat.std(0, correction=0).argsort(descending=True, stable=True)
    if normal:
        reach = torch.full_like(flat[0], NORMAL_RANGE)
        return LatentSpace(flat[0], -reach, reach, order)
    return LatentSpace(flat[0], flat.amin(0), flat.amax(0), order)


def parse_positions(latent: Sequence[float], shape: Sequence[int], like: Tensor) -> Tensor:
    """Return positions (S, *shape) that are written one behind the other.

    Raises:
        TrainingError: There are not as many numbers as whole positions have.
    """
    size = torch.Size(shape).numel()
    if len(latent) % size:
        raise TrainingError(
            f"A position in this latent space has {size} numbers, not {len(latent)}."
        )
    return like.new_tensor(latent).reshape(-1, *shape)


def lerp_path(stops: Tensor, count: int) -> Tensor:
    """Return `count` positions evenly spread over the way from the first stop to the last.

    Args:
        stops: Positions `(S, *)`; a single one is repeated.
        count: How many.
    """
    before, after, share = _interpolation_indices(stops, count)
    return torch.lerp(stops[before], stops[after], share)


def slerp_path(start: Tensor, end: Tensor, count: int) -> Tensor:
    """Return `count` positions on the great circle between two draws of normal noise.

    On the straight way between them the numbers would become too small: noise of many axes lies
    near a sphere. Source: White 2016, "Sampling generative networks", section 3.1.

    Args:
        start: The first position, of any shape.
        end: The last one, likewise.
        count: How many.
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
    place = torch.linspace(0, len(stops) - 1, count, device=stops.device)
    before = place.long().clamp(max=max(len(stops) - 2, 0))
    after = (before + 1).clamp(max=len(stops) - 1)
    return before, after, (place - before).reshape(-1, *[1] * (stops.ndim - 1))
