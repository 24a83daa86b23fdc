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
    found: dict[str, float] = {}
    for prefix, weights in (("", trained.weights), (f"{UNTRAINED}_", None)):
        shares = cloud_shares(generate(trained.project, data, weights, COUNT).numpy())
        found[f"{prefix}clouds"] = float(np.count_nonzero(shares >= HELD))
        found[f"{prefix}on_clouds"] = float(shares.sum())
    return found


def cloud_shares(points: Points) -> npt.NDArray[np.float64]:
    """Return what share of points `(N, 2)` lies on each cloud: within three deviations."""
    angles = np.arange(CLOUDS) * 2 * np.pi / CLOUDS
    middles = np.stack([np.cos(angles), np.sin(angles)], 1)
    far = np.linalg.norm(points[:, None] - middles, axis=2)
    on = far.argmin(1)[far.min(1) < 3 * DEVIATION]
    return np.bincount(on, minlength=CLOUDS) / len(points)


def near_data(trained: Trained, sampler: str = "") -> Figures:
    """Measure how near points and unseen real ones lie to each other, before training and after.

    Both are mean distances to the nearest one, over what real points of the training part have in
    place of the made ones: 1 is as good as real.
    """
    data = load_data(trained.project.data)
    if data.test is None:
        raise RuntimeError("there are no unseen points")
    real, unseen = (part.inputs["samples"].numpy() for part in (data.train, data.test))
    found: dict[str, float] = {}
    for prefix, weights in (("", trained.weights), (f"{UNTRAINED}_", None)):
        made = generate(trained.project, data, weights, COUNT, sampler).numpy()
        found[f"{prefix}stray"] = nearest(made, real) / nearest(unseen, real)
        found[f"{prefix}uncovered"] = nearest(unseen, made) / nearest(unseen, real[:COUNT])
    return found


def nearest(from_these: Points, to_those: Points) -> float:
    """Return the mean distance from each point to the nearest of the others."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(to_those)
    return float(neighbours.kneighbors(from_these)[0].mean())
