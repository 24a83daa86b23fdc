"""Random image augmentation, drawn separately for each sample (torchvision transforms v2)."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.design.model.data_settings import Augmentation

Augment = Callable[[Tensor, torch.Generator], Tensor]


@cache
def _v2() -> Any:
    """Import torchvision's functions, which takes about a second."""
    return importlib.import_module("torchvision.transforms.v2.functional")


def augmenter(augmentation: Augmentation | None) -> Augment | None:
    """Return the augmentation of a float batch `(B, C, H, W)`, or None if all is off."""
    if augmentation is None or augmentation == Augmentation():
        return None
    _v2()
    steps: list[Augment] = []
    if augmentation.flip:
        steps.append(flip)
    if augmentation.rotate or augmentation.shift:
        angle, shift = augmentation.rotate, augmentation.shift
        steps.append(lambda images, generator: affine(images, generator, angle, shift))
    if augmentation.crop:
        padding = augmentation.crop
        steps.append(lambda images, generator: crop(images, generator, padding))

    def augment(images: Tensor, generator: torch.Generator) -> Tensor:
        for step in steps:
            images = step(images, generator)
        return images

    return augment


def flip(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror about half of the images left to right."""
    chosen = torch.rand(len(images), 1, 1, 1, generator=generator) < 0.5
    mirrored: Tensor = _v2().horizontal_flip(images)
    return torch.where(chosen.to(images.device), mirrored, images)


def affine(images: Tensor, generator: torch.Generator, angle: float, shift: float) -> Tensor:
    """Rotate by up to `angle` degrees and shift by up to `shift` of the side; fill with black.

    torchvision rotates a whole batch by one angle; here each sample has its own, with the same
    bilinear sampling.
    """
    count, _, height, width = images.shape
    radians = (torch.rand(count, generator=generator) * 2 - 1) * math.radians(angle)
    offset = (torch.rand(count, 2, generator=generator) * 2 - 1) * (2 * shift)
    cos, sin = torch.cos(radians), torch.sin(radians)
    rows = torch.stack(
        [cos, -sin * height / width, offset[:, 0], sin * width / height, cos, offset[:, 1]], 1
    )
    matrix = rows.reshape(count, 2, 3).to(images.device)
    grid = functional.affine_grid(matrix, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False)


def crop(images: Tensor, generator: torch.Generator, padding: int) -> Tensor:
    """Pad with black, then crop each image at its own random position to the original size."""
    count, channels, height, width = images.shape
    padded: Tensor = _v2().pad(images, [padding])
    corner = torch.randint(0, 2 * padding + 1, (count, 2), generator=generator)
    rows = (corner[:, :1] + torch.arange(height)).to(images.device)
    columns = (corner[:, 1:] + torch.arange(width)).to(images.device)
    sample = torch.arange(count, device=images.device)[:, None, None, None]
    channel = torch.arange(channels, device=images.device)[None, :, None, None]
    return padded[sample, channel, rows[:, None, :, None], columns[:, None, None, :]]
