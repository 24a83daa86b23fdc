"""Measures points on a plane that a network made out of noise, against those of the data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors

from dlstudio.data.load import load_data
from tests.benchmarks.generated import generate
from tests.benchmarks.goals import Figures, Trained

COUNT = 2000
UNTRAINED = "untrained"
CLOUDS, DEVIATION = 8, 0.05
HELD = 0.02
"""A cloud is held where so large a share of all points lies on it."""
Points = npt.NDArray[np.float32]


def on_ring(trained: Trained) -> Figures:
    """Measure how many clouds of the ring are held, before training and after."""
    data = load_data(trained.project.data)
    metrics: dict[str, float] = {}
    for prefix, weights in (("", trained.weights), (f"{UNTRAINED}_", None)):
        shares = cloud_shares(generate(trained.project, data, weights, COUNT).numpy())
        metrics[f"{prefix}clouds"] = float(np.count_nonzero(shares >= HELD))
        metrics[f"{prefix}on_clouds"] = float(shares.sum())
    return metrics


def cloud_shares(points: Points) -> npt.NDArray[np.float64]:
    """Return what share of points `(N, 2)` lies on each cloud: within three deviations."""
    angles = np.arange(CLOUDS) * 2 * np.pi / CLOUDS
    centres = np.stack([np.cos(angles), np.sin(angles)], 1)
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    nearest_cloud = distances.argmin(1)[distances.min(1) < 3 * DEVIATION]
    return np.bincount(nearest_cloud, minlength=CLOUDS) / len(points)


def near_data(trained: Trained, sampler: str = "") -> Figures:
    """Measure how near points and unseen real ones lie to each other, before training and after.

    Both are mean distances to the nearest one, over what real points of the training part have in
    place of the made ones: 1 is as good as real.
    """
    data = load_data(trained.project.data)
    if data.test is None:
        raise RuntimeError("there are no unseen points")
    real, unseen = (subset.inputs["samples"].numpy() for subset in (data.train, data.test))
    metrics: dict[str, float] = {}
    for prefix, weights in (("", trained.weights), (f"{UNTRAINED}_", None)):
        generated = generate(trained.project, data, weights, COUNT, sampler).numpy()
        metrics[f"{prefix}stray"] = nearest(generated, real) / nearest(unseen, real)
        metrics[f"{prefix}uncovered"] = nearest(unseen, generated) / nearest(unseen, real[:COUNT])
    return metrics


def nearest(from_these: Points, to_those: Points) -> float:
    """Return the mean distance from each point to the nearest of the others."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(to_those)
    return float(neighbours.kneighbors(from_these)[0].mean())
