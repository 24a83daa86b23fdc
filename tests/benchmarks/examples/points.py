"""Measures points on a plane that a network made out of noise, against those of the data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors

from dlstudio.data.load import load_data
from tests.benchmarks.examples.generated_samples import generate
from tests.benchmarks.examples.targets import Metrics, TrainedExample

COUNT = 2000
UNTRAINED = "untrained"
CLOUDS, DEVIATION = 8, 0.05
MIN_CLOUD_SHARE = 0.02
"""A cloud is held where so large a share of all points lies on it."""
Points = npt.NDArray[np.float32]


def measure_ring(example: TrainedExample) -> Metrics:
    """Measure how many clouds of the ring are held, before training and after."""
    data = load_data(example.project.data)
    metrics: dict[str, float] = {}
    for prefix, weights in (("", example.weights), (f"{UNTRAINED}_", None)):
        shares = cloud_shares(generate(example.project, data, weights, COUNT).numpy())
        metrics[f"{prefix}clouds"] = float(np.count_nonzero(shares >= MIN_CLOUD_SHARE))
        metrics[f"{prefix}on_clouds"] = float(shares.sum())
    return metrics


def cloud_shares(points: Points) -> npt.NDArray[np.float64]:
    """Return what share of points `(N, 2)` lies on each cloud: within three deviations."""
    angles = np.arange(CLOUDS) * 2 * np.pi / CLOUDS
    centres = np.stack([np.cos(angles), np.sin(angles)], 1)
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    nearest_cloud = distances.argmin(1)[distances.min(1) < 3 * DEVIATION]
    return np.bincount(nearest_cloud, minlength=CLOUDS) / len(points)


def measure_coverage(example: TrainedExample, sampler: str = "") -> Metrics:
    """Measure how near points and unseen real ones lie to each other, before training and after.

    Both are mean distances to the nearest one, over what real points of the training part have in
    place of the made ones: 1 is as good as real.
    """
    data = load_data(example.project.data)
    if data.test is None:
        raise RuntimeError("there are no unseen points")
    real, unseen = (subset.inputs["samples"].numpy() for subset in (data.train, data.test))
    metrics: dict[str, float] = {}
    for prefix, weights in (("", example.weights), (f"{UNTRAINED}_", None)):
        generated = generate(example.project, data, weights, COUNT, sampler).numpy()
        metrics[f"{prefix}stray"] = mean_nearest_distance(generated, real) / mean_nearest_distance(
            unseen, real
        )
        metrics[f"{prefix}uncovered"] = mean_nearest_distance(
            unseen, generated
        ) / mean_nearest_distance(unseen, real[:COUNT])
    return metrics


def mean_nearest_distance(points: Points, others: Points) -> float:
    """Return the mean distance from each point to the nearest of the others."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(others)
    return float(neighbours.kneighbors(points)[0].mean())
