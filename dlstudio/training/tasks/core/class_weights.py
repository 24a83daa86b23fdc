"""Weights of classes in the training loss."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.training.tasks.core.losses import LossFunction


def count_classes(target: Tensor | None, classes: int) -> Tensor | None:
    """Return the number of samples, steps or pixels of each class; None for other targets."""
    if target is None or target.is_floating_point() or not classes:
        return None
    counted = target[target != IGNORE_INDEX]
    return torch.bincount(counted, minlength=classes) if counted.numel() else None


def balanced_weights(counts: Tensor) -> Tensor:
    """Return weights inversely proportional to the counts, with mean 1 over what was counted.

    Source: King and Zeng 2001, "Logistic regression in rare events data"; the `balanced` mode of
    scikit-learn's class weights. A class that does not occur gets weight 0.
    """
    occurs = counts > 0
    return torch.where(occurs, counts.sum() / (occurs.sum() * counts.clamp(min=1)), 0.0).float()


def weighted_loss(loss: LossFunction, weights: Tensor) -> LossFunction:
    """Return the mean of the losses of a batch, each multiplied by the weight of its class.

    Args:
        loss: Returns a loss for each element of its target, or for each score (N, C).
        weights: By class.
    """

    def mean_loss(output: Tensor, target: Tensor) -> Tensor:
        losses = loss(output, target)
        if losses.numel() != target.numel():
            losses = losses.mean(1)
        counted = target != IGNORE_INDEX
        weighted = losses.reshape(target.shape) * weights[target.clamp(min=0)]
        return (weighted * counted).sum() / counted.sum().clamp(min=1)

    return mean_loss
