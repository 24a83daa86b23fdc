"""Computes metrics of the networks on one subset, without changing them."""

from __future__ import annotations

import torch
from torch import nn

from dlstudio.data.core.batches import Batches
from dlstudio.training.step.devices import Precision
from dlstudio.training.tasks.core.objective import Objective

BATCH_SIZE = 1024
"""Smallest batch size of evaluation; larger training batches are used as they are."""


@torch.inference_mode()
def evaluate(
    module: nn.Module,
    batches: Batches,
    objective: Objective,
    precision: Precision,
    seed: int = 0,
) -> dict[str, float]:
    """Return the objective's metrics over all batches, in evaluation mode.

    The module stays in evaluation mode. Randomness of the objective depends on `seed`.
    """
    module.eval()
    metrics = objective.create_metrics(batches.device)
    generator = torch.Generator(batches.device).manual_seed(seed)
    for index in range(batches.steps):
        batch = batches.batch(None, index)
        with precision.forward():
            result = objective.evaluate(batch, generator)
        metrics.update(result)
    return metrics.compute()
