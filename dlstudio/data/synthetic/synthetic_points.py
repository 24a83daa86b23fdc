"""Small synthetic data sets in two dimensions, points placed by the user, and the film example."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.framework.builtin_info import Options
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.points import (
    MOVIE_CLASSES,
    placed_points_info,
    points_info,
    rare_count,
)

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
_PLANE = ("x", "y")


_PointMaker = Callable[[Labels, Options, np.random.Generator], tuple[Floats, Labels]]


def read_moons(request: ReadRequest) -> RawSamples:
    """Return two interleaved half circles."""
    return _read(request, _moons)


def read_circles(request: ReadRequest) -> RawSamples:
    """Return a ring around a disc."""
    return _read(request, _circles)


def read_xor(request: ReadRequest) -> RawSamples:
    """Return clouds at four corners; opposite corners share a class."""
    return _read(request, _xor)


def read_gaussians(request: ReadRequest) -> RawSamples:
    """Return Gaussian clouds on a circle, one per class."""
    return _read(request, _gaussians)


def read_ring(request: ReadRequest) -> RawSamples:
    """Return small clouds of points around a circle."""
    return _read(request, _gaussians)


def read_spirals(request: ReadRequest) -> RawSamples:
    """Return interleaved spiral arms, one per class."""
    return _read(request, _spirals)


def read_movie(request: ReadRequest) -> RawSamples:
    """Return features of film trailers, and whether a person watches the film."""
    rows, labels = _make_points(request, _movie)
    return RawSamples(
        _subset(rows, labels),
        class_names=MOVIE_CLASSES,
        columns=("seconds of trailer", "review score", "genre match"),
        indicators=frozenset({2}),
    )


def read_placed_points(request: ReadRequest) -> RawSamples:
    """Return points placed by the user.

    Raises:
        DataError: There are fewer than two points.
    """
    points = request.options["points"]
    if len(points) < 2:
        raise DataError("Training on points drawn by hand needs at least two. Draw some more.")
    array = np.array(points, dtype=np.float64)
    info = placed_points_info(request.options, request.split)
    subset = _subset(array[:, :2], array[:, 2].astype(np.int64))
    return RawSamples(subset, class_names=info.class_names, columns=_PLANE)


def _read(request: ReadRequest, maker: _PointMaker) -> RawSamples:
    """Return points in the plane, equal for equal options."""
    subset = _subset(*_make_points(request, maker))
    info = points_info(request.options, request.split)
    return RawSamples(subset, class_names=info.class_names, columns=_PLANE)


def _make_points(request: ReadRequest, maker: _PointMaker) -> tuple[Floats, Labels]:
    options = request.options
    labels = np.arange(options["samples"]) % options.get("clusters", 2)
    if rare := rare_count(options):
        labels = (np.arange(options["samples"]) < rare).astype(np.int64)
    return maker(labels, options, np.random.default_rng(options["seed"]))


def _subset(rows: Floats, labels: Labels) -> Subset:
    samples = torch.from_numpy(rows.astype(np.float32))
    return Subset({"samples": samples}, torch.from_numpy(labels.astype(np.int64)))


def _moons(
    labels: Labels, options: Options, generator: np.random.Generator
) -> tuple[Floats, Labels]:
    angle = generator.uniform(0, np.pi, len(labels))
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    return _with_noise(np.where(labels[:, None] == 0, upper, lower), options, generator), labels


def _circles(
    labels: Labels, options: Options, generator: np.random.Generator
) -> tuple[Floats, Labels]:
    radius = np.where(labels == 0, 1.0, 0.5 * np.sqrt(generator.uniform(0, 1, len(labels))))
    angle = generator.uniform(0, 2 * np.pi, len(labels))
    return _with_noise(_polar(radius, angle), options, generator), labels


def _xor(labels: Labels, options: Options, generator: np.random.Generator) -> tuple[Floats, Labels]:
    x = np.where((np.arange(len(labels)) // 2) % 2 == 0, -1.0, 1.0)
    y = np.where(labels == 0, x, -x)
    return _with_noise(np.stack([x, y], 1), options, generator), labels


def _gaussians(
    labels: Labels, options: Options, generator: np.random.Generator
) -> tuple[Floats, Labels]:
    angle = 2 * np.pi * labels / options["clusters"]
    return _with_noise(_polar(np.ones(len(labels)), angle), options, generator), labels


def _spirals(
    labels: Labels, options: Options, generator: np.random.Generator
) -> tuple[Floats, Labels]:
    position = np.sqrt(generator.uniform(0, 1, len(labels)))
    angle = 2 * np.pi * (position * options["turns"] + labels / options["clusters"])
    return _with_noise(_polar(0.1 + 0.9 * position, angle), options, generator), labels


def _movie(
    labels: Labels, options: Options, generator: np.random.Generator
) -> tuple[Floats, Labels]:
    """The target is a linear rule of trailer, review and genre, with logistic noise."""
    count = len(labels)
    seconds = generator.uniform(0, 120, count).round()
    score = generator.uniform(0, 10, count).round(1)
    genre = generator.integers(0, 2, count)
    interest = 2 * (seconds / 60 - 1) + 1.5 * (score / 2.5 - 2) + 1.5 * (2 * genre - 1)
    noise = generator.logistic(0, options["noise"], count) if options["noise"] else 0.0
    return np.stack([seconds, score, genre], 1), (interest + noise > 0).astype(np.int64)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)


def _with_noise(points: Floats, options: Options, generator: np.random.Generator) -> Floats:
    noise: float = options["noise"]
    return points + generator.normal(0, 1, points.shape) * noise
