"""Tells odd samples by how badly a network that rebuilds the usual ones rebuilds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from dlstudio.data.batches import Batches
from dlstudio.data.parts import Part
from dlstudio.insight.watching import resting
from dlstudio.training.observer import RunView

Errors = npt.NDArray[np.float64]
_BATCH = 512


@runtime_checkable
class Rebuilds(Protocol):
    """A task whose networks give back what went in."""

    def rebuild(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return what the networks make of samples, without chance or noise."""
        ...


@dataclass(frozen=True, slots=True)
class Anomalies:
    """How well errors tell odd samples from usual ones.

    Attributes:
        threshold: Error above which a sample counts as odd.
        auroc: Chance that an odd sample has a larger error than a usual one; 0.5 is guessing.
        false_alarms: Share of the usual samples above the threshold.
        found: Share of the odd samples above it.
    """

    threshold: float
    auroc: float
    false_alarms: float
    found: float


def sample_errors(view: RunView, part: Part) -> Errors:
    """Return the mean squared error of each sample's reconstruction, normalised, `(N,)`.

    Args:
        view: A network and how its samples are normalised; it is left as it was.
        part: Raw samples.

    Raises:
        ValueError: The task rebuilds nothing.
    """
    objective = view.objective
    if not isinstance(objective, Rebuilds):
        raise ValueError("This task does not give back what goes in, so nothing tells odd samples.")
    batches = Batches(part, _BATCH, view.device, view.normaliser, keep_single=True)
    found = []
    with torch.inference_mode(), resting(objective.compiled.module):
        for index in range(batches.steps):
            inputs = batches.batch(None, index).inputs
            apart = objective.rebuild(inputs).float() - inputs["samples"]
            found.append(apart.square().flatten(1).mean(1).cpu())
    return torch.cat(found).double().numpy()


def threshold(errors: Errors, quantile: float) -> float:
    """Return the error that a share of the samples, such as 0.95 of usual ones, stays below.

    Raises:
        ValueError: The share does not lie in 0…1, or there are no samples.
    """
    if not len(errors):
        raise ValueError("There are no samples to take a threshold from.")
    return float(np.quantile(errors, quantile))


def compare(usual: Errors, odd: Errors, quantile: float = 0.95) -> Anomalies:
    """Return how well errors tell two parts apart, at a threshold taken from the usual one.

    Raises:
        ValueError: A part is empty, or the share does not lie in 0…1.
    """
    from sklearn.metrics import roc_auc_score

    if not len(odd):
        raise ValueError("There are no odd samples to compare with.")
    limit = threshold(usual, quantile)
    truth = np.concatenate([np.zeros(len(usual)), np.ones(len(odd))])
    area = roc_auc_score(truth, np.concatenate([usual, odd]))
    return Anomalies(limit, float(area), float((usual > limit).mean()), float((odd > limit).mean()))
