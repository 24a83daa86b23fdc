"""Weights of classes in the training loss."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import CUSTOM, NO_CLASS_WEIGHTS, TrainingSettings
from dlstudio.training.options.class_balance import weighted_names
from dlstudio.training.tasks.core.losses import LossFunction

_LOWEST_LOG = -100.0
"""Limit of logarithms, as in torch's binary cross-entropy."""


def count_classes(target: Tensor | None, classes: int) -> Tensor | None:
    """Return the number of samples, steps or pixels of each class; None for other targets."""
    if target is None or target.is_floating_point() or not classes:
        return None
    counted = target[target != IGNORE_INDEX]
    return torch.bincount(counted, minlength=classes) if counted.numel() else None


def class_weights(
    training: TrainingSettings, target: Tensor | None, facts: DatasetInfo
) -> Tensor | None:
    """Return the weight of each class, or of each label; None if all samples count equally.

    Args:
        training: Says how the classes are weighted.
        target: Classes (N), masks (N, H, W), steps (N, T), or labels (N, L) of the training subset.
        facts: Names of the classes or labels.
    """
    names = weighted_names(facts)
    if target is None or not names or training.class_weights == NO_CLASS_WEIGHTS:
        return None
    if training.class_weights == CUSTOM:
        return torch.tensor([training.class_weight_values[name] for name in names])
    if target.is_floating_point():
        return balanced_label_weights(target)
    counts = count_classes(target, len(names))
    return None if counts is None else balanced_weights(counts)


def balanced_label_weights(target: Tensor) -> Tensor:
    """Return the number of samples without each label for each one that has it (L).

    Both then count equally. A label that no or every sample has gets weight 1.
    Source: `pos_weight` of torch's `BCEWithLogitsLoss`.
    """
    present = (target > 0.5).sum(0)
    absent = len(target) - present
    return torch.where((present > 0) & (absent > 0), absent / present.clamp(min=1), 1.0).float()


def balanced_weights(counts: Tensor) -> Tensor:
    """Return weights inversely proportional to the counts, with mean 1 over what was counted.

    Source: King and Zeng 2001, "Logistic regression in rare events data"; the `balanced` mode of
    scikit-learn's class weights. A class that does not occur gets weight 0.
    """
    occurs = counts > 0
    return torch.where(occurs, counts.sum() / (occurs.sum() * counts.clamp(min=1)), 0.0).float()


def weighted_label_loss(weights: Tensor, *, probabilities: bool) -> LossFunction:
    """Return the binary cross-entropy in which labels that are present have weights.

    Args:
        weights: By label (L).
        probabilities: Whether the network returns probabilities instead of raw scores.
    """

    def of_scores(output: Tensor, target: Tensor) -> Tensor:
        target = target.reshape(output.shape).to(output.dtype)
        return functional.binary_cross_entropy_with_logits(
            output, target, pos_weight=weights.to(output.dtype)
        )

    def of_probabilities(output: Tensor, target: Tensor) -> Tensor:
        with torch.autocast(output.device.type, enabled=False):
            share = output.float()
            target = target.reshape(share.shape).to(share.dtype)
            present = share.log().clamp(min=_LOWEST_LOG)
            absent = (-share).log1p().clamp(min=_LOWEST_LOG)
            return -(weights * target * present + (1 - target) * absent).mean()

    return of_probabilities if probabilities else of_scores


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
