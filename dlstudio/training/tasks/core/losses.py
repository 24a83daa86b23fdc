"""Losses that compare an output with a target, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.options.named_option import find_option
from dlstudio.training.specs.registry import LOSSES

LossFunction = Callable[[Tensor, Tensor], Tensor]


def loss_settings(training: TrainingSettings) -> dict[str, Any]:
    """Return the settings of the chosen loss, with defaults for missing ones.

    Raises:
        ValueError: The loss is unknown, or one of its settings is invalid.
    """
    return find_option(LOSSES, training.loss, "loss").parse(training.loss_settings)


def loss_function(
    name: str,
    settings: Mapping[str, Any],
    *,
    probabilities: bool = False,
    reduction: str = "mean",
) -> LossFunction:
    """Return the loss of that name, a mean over the batch.

    Args:
        name: A name of `LOSSES` that compares outputs with targets.
        settings: As `loss_settings` returns them.
        probabilities: Whether the input of `binary` is probabilities instead of raw scores.
        reduction: `mean`, or `none` for a loss of each element.
    """
    if name == "cross-entropy":
        smoothing = settings["label_smoothing"]
        return lambda output, target: functional.cross_entropy(
            output, target, label_smoothing=smoothing, reduction=reduction
        )
    if name == "binary":
        return partial(
            _binary_of_probabilities if probabilities else _binary_of_scores, reduction=reduction
        )
    if name == "perceptron":
        return partial(_perceptron, reduction=reduction)
    if name == "l1":
        return lambda output, target: functional.l1_loss(
            output, _match_target(output, target), reduction=reduction
        )
    if name == "huber":
        delta = settings["delta"]
        return lambda output, target: functional.huber_loss(
            output, _match_target(output, target), reduction=reduction, delta=delta
        )
    return lambda output, target: functional.mse_loss(
        output, _match_target(output, target), reduction=reduction
    )


def _binary_of_scores(output: Tensor, target: Tensor, *, reduction: str) -> Tensor:
    return functional.binary_cross_entropy_with_logits(
        output, _match_target(output, target), reduction=reduction
    )


def _binary_of_probabilities(output: Tensor, target: Tensor, *, reduction: str) -> Tensor:
    with torch.autocast(output.device.type, enabled=False):
        probabilities = output.float()
        return functional.binary_cross_entropy(
            probabilities, _match_target(probabilities, target), reduction=reduction
        )


def _perceptron(output: Tensor, target: Tensor, *, reduction: str) -> Tensor:
    """Return max(0, -y * score), where y is 1 for class 1 and -1 for class 0.

    Source: Rosenblatt 1958, "The perceptron"; its gradient is the perceptron rule.
    """
    sides = 2 * _match_target(output, target) - 1
    losses = functional.relu(-sides * output)
    return losses.mean() if reduction == "mean" else losses


def _match_target(output: Tensor, target: Tensor) -> Tensor:
    """Return the target in the output's shape and dtype; class indices become one-hot rows."""
    if target.numel() != output.numel():
        target = functional.one_hot(target, output.shape[1])
    return target.reshape(output.shape).to(output.dtype)
