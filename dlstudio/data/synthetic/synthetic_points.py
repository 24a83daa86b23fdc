"""Small made-up data sets in two dimensions, points drawn by hand, and the film example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.dataset_info import builtin_info
from dlstudio.data.sources.source_setting_types import Point

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def read_synthetic_points(name: str, options: Mapping[str, Any]) -> RawSamples:
    """Return the points of a toy set, the same for the same options.

    Raises:
        DataError: Too few points were drawn by hand.
    """
    if name == "points":
        rows, labels = _placed_points(options["points"])
    else:
        labels = _labels(options["samples"], options.get("clusters", 2))
        generator = np.random.default_rng(options["seed"])
        rows, labels = _POINT_MAKERS[name](labels, options, generator)
    info = builtin_info(name, options)
    columns = ("seconds of trailer", "review score", "genre match") if name == "movie" else "xy"
    subset = Subset(
        {"samples": torch.from_numpy(rows.astype(np.float32))},
        torch.from_numpy(labels.astype(np.int64)),
    )
    return RawSamples(
        subset,
        class_names=info.class_names if info else (),
        columns=tuple(columns),
        indicators=frozenset({2}) if name == "movie" else frozenset(),
    )


def _labels(samples: int, classes: int) -> Labels:
    return np.arange(samples) % classes


def _placed_points(points: tuple[Point, ...]) -> tuple[Floats, Labels]:
    if len(points) < 2:
        raise DataError("Draw at least two points before training on points drawn by hand.")
    array = np.array(points, dtype=np.float64)
    return array[:, :2], array[:, 2].astype(np.int64)


def _moons(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    angle = generator.uniform(0, np.pi, len(labels))
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    return _with_noise(np.where(labels[:, None] == 0, upper, lower), options, generator), labels


def _circles(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    radius = np.where(labels == 0, 1.0, 0.5 * np.sqrt(generator.uniform(0, 1, len(labels))))
    angle = generator.uniform(0, 2 * np.pi, len(labels))
    return _with_noise(_polar(radius, angle), options, generator), labels


def _xor(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    x = np.where((np.arange(len(labels)) // 2) % 2 == 0, -1.0, 1.0)
    y = np.where(labels == 0, x, -x)
    return _with_noise(np.stack([x, y], 1), options, generator), labels


def _gaussians(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    angle = 2 * np.pi * labels / options["clusters"]
    return _with_noise(_polar(np.ones(len(labels)), angle), options, generator), labels


def _spirals(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    position = np.sqrt(generator.uniform(0, 1, len(labels)))
    angle = 2 * np.pi * (position * options["turns"] + labels / options["clusters"])
    return _with_noise(_polar(0.1 + 0.9 * position, angle), options, generator), labels


def _movie(
    labels: Labels, options: Mapping[str, Any], generator: np.random.Generator
) -> tuple[Floats, Labels]:
    """A person watches the film when trailer, review and genre speak for it, nearly always."""
    count = len(labels)
    seconds = generator.uniform(0, 120, count).round()
    score = generator.uniform(0, 10, count).round(1)
    genre = generator.integers(0, 2, count)
    interest = 2 * (seconds / 60 - 1) + 1.5 * (score / 2.5 - 2) + 1.5 * (2 * genre - 1)
    chance = generator.logistic(0, options["noise"], count) if options["noise"] else 0.0
    return np.stack([seconds, score, genre], 1), (interest + chance > 0).astype(np.int64)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)


def _with_noise(
    points: Floats, options: Mapping[str, Any], generator: np.random.Generator
) -> Floats:
    noise: float = options["noise"]
    return points + generator.normal(0, 1, points.shape) * noise


_PointMaker = Callable[[Labels, Mapping[str, Any], np.random.Generator], tuple[Floats, Labels]]
_POINT_MAKERS: Mapping[str, _PointMaker] = {
    "moons": _moons,
    "circles": _circles,
    "xor": _xor,
    "gaussians": _gaussians,
    "ring": _gaussians,
    "spirals": _spirals,
    "movie": _movie,
}
