"""Synthetic images of circles, squares and triangles, with a mask or labels as targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.images import SHAPE_CLASSES, SHAPE_LABELS

_MAX_SHAPES = 3
_NOISE = 60
_SIDES = {"triangle": 3, "square": 4}
"""Number of straight sides by class; a circle has none."""


def read_shapes(request: ReadRequest) -> RawSamples:
    """Return grey images `(N, 1, S, S)` and their targets, equal for equal options.

    Each image has one to three shapes of random position, size, rotation and brightness on a noisy
    background; later ones cover earlier ones. Targets are masks `(N, S, S)`, or labels `(N, 3)`:
    1 if at least one pixel of that shape is visible.
    """
    options = request.options
    count, side = options["samples"], options["size"]
    rng = np.random.default_rng(options["seed"])
    images = rng.integers(0, _NOISE, (count, side, side), np.uint8)
    masks = np.zeros((count, side, side), np.int64)
    rows, columns = np.mgrid[:side, :side]
    for image, mask in zip(images, masks, strict=True):
        for _ in range(rng.integers(1, _MAX_SHAPES + 1)):
            label = int(rng.integers(1, len(SHAPE_CLASSES)))
            radius = rng.uniform(side / 8, side / 4)
            x, y = rng.uniform(radius, side - radius, 2)
            inside = _pixels_inside(label, columns - x, rows - y, radius, rng.uniform(0, 2 * np.pi))
            grain = rng.integers(0, _NOISE // 2, int(inside.sum()), np.uint8)
            image[inside] = grain + np.uint8(rng.integers(110, 220))
            mask[inside] = label
    inputs = {"samples": torch.from_numpy(images[:, None])}
    if options["target"] == "labels":
        present = [(masks == number).any((1, 2)) for number in range(1, len(SHAPE_CLASSES))]
        labels = torch.from_numpy(np.stack(present, 1).astype(np.float32))
        return RawSamples(Subset(inputs, labels), target_names=SHAPE_LABELS)
    return RawSamples(Subset(inputs, torch.from_numpy(masks)), class_names=SHAPE_CLASSES)


def _pixels_inside(
    label: int, x: npt.NDArray[Any], y: npt.NDArray[Any], radius: float, rotation: float
) -> npt.NDArray[np.bool_]:
    """Return the mask of pixels inside a shape; `x` and `y` are distances from its centre."""
    sides = _SIDES.get(SHAPE_CLASSES[label])
    if sides is None:
        return np.asarray(x * x + y * y <= radius * radius, np.bool_)
    angles = rotation + 2 * np.pi * np.arange(sides) / sides
    apothem = radius * np.cos(np.pi / sides)
    half_planes = [x * np.cos(angle) + y * np.sin(angle) <= apothem for angle in angles]
    return np.asarray(np.logical_and.reduce(half_planes), np.bool_)
