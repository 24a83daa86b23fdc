"""Figures of a network on one part of the data. Changes nothing in the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from dlstudio.data.batches import Batches
from dlstudio.training.devices import Precision
from dlstudio.training.errors import TrainingError
from dlstudio.training.objective import Objective

BATCH_SIZE = 1024
"""Samples evaluated at once where training batches are no larger."""


@torch.inference_mode()
def evaluate(
    module: nn.Module,
    batches: Batches,
    roles: Sequence[str],
    objective: Objective,
    precision: Precision,
) -> dict[str, float]:
    """Return the objective's figures over all batches, dropout off and norms standing still.

    The module is left in evaluation mode.
    """
    module.eval()
    tally = objective.tally(batches.device)
    for index in range(batches.steps):
        batch = batches.batch(None, index)
        if batch.target is None:
            raise TrainingError("This part of the data has nothing to predict.")
        with precision.forward():
            output = objective.pick(module(*arguments(batch.inputs, roles)))
            loss = objective.loss(output, batch.target)
        tally.add(output, batch.target, loss)
    return tally.read()


def arguments(inputs: Mapping[str, Tensor], roles: Sequence[str]) -> list[Tensor]:
    """Return the inputs in the network's order.

    Raises:
        TrainingError: The network asks for a role that the data set does not offer.
    """
    missing = [role for role in roles if role not in inputs]
    if missing:
        raise TrainingError(
            f"The network has an input for {missing[0]!r}, but the data set offers "
            f"{', '.join(map(repr, inputs))} only. Change the input's role or the data set."
        )
    return [inputs[role] for role in roles]
