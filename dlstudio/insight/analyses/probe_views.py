"""The result of a linear probe, trained and untrained, as plain arrays. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatRows = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProbeChoice:
    """What to probe.

    Attributes:
        path: Path of the layer; empty uses the prediction of the task.
        per_class: Number of training labels per class; 0 uses all.
    """

    path: str = ""
    per_class: int = 10


@dataclass(frozen=True, slots=True)
class ProbeScore:
    """The probe of one network.

    Attributes:
        accuracy: Share of correctly classified test samples, averaged over the label choices.
        spread: Half of the range of these accuracies.
        plane: Test samples projected to their first two principal components, `(N, 2)`.
        explained_variance: Share of the variance in that plane.
    """

    accuracy: float
    spread: float
    plane: FloatRows
    explained_variance: float


@dataclass(frozen=True, slots=True)
class ProbeView:
    """A linear probe of a layer after `step` training steps.

    Attributes:
        layers: Paths of the layers that can be probed.
        trained: Score of the current network.
        untrained: Score of the same network with its initial weights.
        labels: Class of each point on the planes.
        chance: Accuracy of always predicting the most frequent class.
        labelled: Number of labels in each choice.
        draws: Number of label choices.
        width: Size of the embeddings.
        pooled: Size of the layer's output, if it was pooled to `width`; else 0.
        tested: Number of test samples.
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
    """Return rows projected to their first two principal components, and the explained variance.

    The sign of each component makes its largest weight positive, so that plots of the same rows
    look alike.
    """
    centred = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])])
    points = np.zeros((len(rows), 2), np.float32)
    points[:, : axes.shape[1]] = centred @ axes
    total = float(values.sum())
    return points, float(values[::-1][:2].sum() / total) if total > 0 else 1.0
