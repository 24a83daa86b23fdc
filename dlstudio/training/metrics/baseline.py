"""What can be reached without learning, so that a result can be judged."""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX, DataSet, Subset
from dlstudio.data.core.normaliser import Normaliser

_MAX_SAMPLES, _MAX_VALUES = 10_000, 1 << 23
"""Limits of the samples of a subset that are looked at, which are spread evenly over it."""


class ConstantPredictor(Protocol):
    """The part of an objective that says what a constant prediction reaches."""

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return metrics of a batch, by name, for the best constant of training samples."""
        ...


@torch.inference_mode()
def baseline_metrics(
    objective: ConstantPredictor, data: DataSet, device: torch.device
) -> dict[str, float]:
    """Return metrics of a constant prediction by full name, such as `validation_accuracy`.

    The prediction is the best constant one for the training subset. Draws no random numbers.
    """
    normaliser = data.normaliser.to(device)
    train = _sample_batch(data.train, normaliser, device)
    metrics: dict[str, float] = {}
    for name, subset in data.subsets.items():
        batch = train if subset is data.train else _sample_batch(subset, normaliser, device)
        values = objective.constant_metrics(train, batch)
        metrics.update({f"{name}_{metric}": value for metric, value in values.items()})
    return metrics


def share_of_most_common(train: Tensor, target: Tensor) -> float:
    """Return the share of the values of `target` that equal the most common one of `train`.

    Values to ignore are left out of both; NaN if there are no others.
    """
    known, asked = train[train != IGNORE_INDEX], target[target != IGNORE_INDEX]
    if not (len(known) and len(asked)):
        return math.nan
    values, counts = known.unique(return_counts=True)
    return float((asked == values[counts.argmax()]).double().mean())


def _sample_batch(subset: Subset, normaliser: Normaliser, device: torch.device) -> Batch:
    per_sample = sum(tensor[:1].numel() for tensor in subset.inputs.values())
    count = min(subset.total_samples, _MAX_SAMPLES, max(_MAX_VALUES // max(per_sample, 1), 1))
    rows = torch.linspace(0, subset.total_samples - 1, count, dtype=torch.float64).long()
    inputs = {
        role: normaliser.apply(role, tensor[rows].to(device))
        for role, tensor in subset.inputs.items()
    }
    target = None if subset.target is None else subset.target[rows].to(device)
    return Batch(inputs, target)
