"""Figures of the networks on one part of the data. Changes nothing in them."""

from __future__ import annotations

import torch
from torch import nn

from dlstudio.data.core.batches import Batches
from dlstudio.training.step.devices import Precision
from dlstudio.training.tasks.core.objective import Objective

BATCH_SIZE = 1024
"""Samples evaluated at once where training batches are no larger."""


@torch.inference_mode()
def evaluate(
    module: nn.Module,
    batches: Batches,
    objective: Objective,
    precision: Precision,
    seed: int = 0,
) -> dict[str, float]:
    """Return the objective's figures over all batches, dropout off and norms standing still.

    The module is left in evaluation mode. What the objective draws at random follows from `seed`.
    """
    module.eval()
    tally = objective.create_metrics(batches.device)
    generator = torch.Generator(batches.device).manual_seed(seed)
    for index in range(batches.steps):
        batch = batches.batch(None, index)
        with precision.forward():
            scored = objective.evaluate(batch, generator)
        tally.update(scored)
    return tally.compute()
