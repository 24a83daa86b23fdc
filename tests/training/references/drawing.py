"""Drawn inputs, and the distance of two values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from random import Random

import torch
from torch import Tensor

Pairs = Mapping[str, tuple[float, float]]
"""Our value and that of the reference, by name."""


def generator_of(random: Random) -> torch.Generator:
    """Return a drawn generator of torch."""
    return torch.Generator().manual_seed(random.randrange(1 << 30))


def normal(random: Random, *shape: int, scales: tuple[float, ...] = (1.0, 0.01, 20.0)) -> Tensor:
    """Return normal numbers of a drawn scale and offset, of either sign."""
    values = torch.randn(shape, generator=generator_of(random))
    return values * random.choice(scales) + random.choice((0.0, 0.0, -3.0, 2.0))


def classes(random: Random, count: int, *shape: int) -> Tensor:
    """Return class indices; in one of four draws all are of one class."""
    if random.randrange(4) == 0:
        return torch.full(shape, random.randrange(count))
    return torch.randint(0, count, shape, generator=generator_of(random))


def hide(random: Random, target: Tensor, value: int) -> Tensor:
    """Return the target with none, some or all of its values replaced by one to ignore."""
    share = random.choice((0.0, 0.3, 0.9, 1.0))
    return target.masked_fill(
        torch.rand(target.shape, generator=generator_of(random)) < share, value
    )


def cuts(random: Random, *, least: int = 1) -> list[slice]:
    """Return the rows of up to five uneven batches, or of none."""
    sizes = [random.randint(least, random.choice((2, 9, 33))) for _ in range(random.randrange(6))]
    return list(_slices(sizes))


def _slices(sizes: list[int]) -> Iterator[slice]:
    start = 0
    for size in sizes:
        yield slice(start, start + size)
        start += size


def rows_of(batches: list[slice]) -> int:
    """Return the number of rows in these batches."""
    return batches[-1].stop if batches else 0


def difference(value: float, reference: float) -> float:
    """Return the distance of two values, as a share of the reference if that is above 1."""
    if math.isnan(value) and math.isnan(reference):
        return 0.0
    if value == reference:
        return 0.0
    distance = abs(value - reference) / max(1.0, abs(reference))
    return math.inf if math.isnan(distance) else distance


def pairs(
    ours: Mapping[str, float], reference: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return both values of each name; a value that only one of them has is infinitely far off."""
    assert set(ours) == set(reference), f"{sorted(ours)} instead of {sorted(reference)}"
    return {name: (ours[name], reference[name]) for name in ours}
