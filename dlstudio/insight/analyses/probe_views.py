"""What a linear probe found at a layer, trained and untrained, as plain arrays. Knows no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatRows = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProbeChoice:
    """What is probed.

    Attributes:
        path: Layer whose output is taken; empty takes what answers the task.
        per_class: Labels of each class that the probe learns from; 0 takes all.
    """

    path: str = ""
    per_class: int = 10


@dataclass(frozen=True, slots=True)
class ProbeScore:
    """What one network's embeddings tell.

    Attributes:
        accuracy: Share of the tested samples told right, the mean over the draws of labels.
        spread: Half of the way from the least to the largest accuracy of the draws.
        plane: Tested samples on the plane in which they vary most, `(N, 2)`.
        explained_variance: Share of the variance that the plane keeps.
    """

    accuracy: float
    spread: float
    plane: FloatRows
    explained_variance: float


@dataclass(frozen=True, slots=True)
class ProbeView:
    """A linear probe of a layer after `step` steps of training.

    Attributes:
        layers: Paths of the layers that can be probed.
        trained: Of the network as it is.
        untrained: Of the same network with the weights that it begins with.
        labels: Class of each point on the planes.
        chance: What always telling the most frequent class would reach.
        labelled: How many labels the probe learnt from, of each draw.
        draws: How often labels were drawn.
        width: Numbers in an embedding.
        pooled: Numbers that the layer gives, where they were averaged to `width`; else 0.
        tested: Samples the probe was tested on.
    """

    step: int
    choice: ProbeChoice
    layers: tuple[str, ...]
    trained: ProbeScore
    untrained: ProbeScore
    labels: Labels
    class_names: tuple[str, ...]
    chance: float
    labelled: int
    draws: int
    width: int
    pooled: int
    tested: int


def project_to_plane(rows: FloatRows) -> tuple[FloatRows, float]:
    """Return rows on the plane of their two principal components, and its share of the variance.

    Each component points to where its largest weight is positive, so that pictures of the same
    rows look alike.
    """
    centred = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])])
    points = np.zeros((len(rows), 2), np.float32)
    points[:, : axes.shape[1]] = centred @ axes
    total = float(values.sum())
    return points, float(values[::-1][:2].sum() / total) if total > 0 else 1.0
