"""Samples of a generative network, generated with the studio's defaults."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.design.model.model import Project
from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.tasks.registry import create_objective

BATCH_SIZE = 100


@torch.inference_mode()
def generate(
    project: Project, data: DataSet, weights: Path | None, count: int, sampler: str = ""
) -> Tensor:
    """Return samples `(count, *)` in the unit of the raw data, clamped to its range.

    Args:
        weights: Weights of the trained network; None for the initial weights.
        count: A multiple of `BATCH_SIZE`, or less than it.
        sampler: Name of one of the task's samplers; empty for the default.
    """
    compiled = compile_design(project, data.facts)
    if weights is not None and not load_weights(compiled.module, weights).is_complete:
        raise RuntimeError(f"{project.title}: {weights} does not fit the network")
    objective = create_objective(project.training, compiled)
    subset = data.test or data.train
    outputs: list[Tensor] = []
    with eval_mode(compiled.module):
        for seed in range(-(-count // BATCH_SIZE)):
            request = SampleRequest(seed=seed, count=min(count, BATCH_SIZE), sampler=sampler)
            samples = objective.sample(request, _real_batch(subset, data, seed))
            if samples is None:
                raise RuntimeError(f"{project.title}: this task generates no samples")
            outputs.append(samples.tensors["generated"])
    generated = data.normaliser.undo("samples", torch.cat(outputs))
    real = data.train.inputs["samples"]
    return generated if real.ndim == 2 else generated.clamp(float(real.min()), float(real.max()))


def _real_batch(subset: Subset, data: DataSet, batch_index: int) -> Batch:
    """Return real samples, which supply the classes; different for each batch index."""
    start = batch_index * BATCH_SIZE % max(len(subset) - BATCH_SIZE, 1)
    rows = torch.arange(start, min(start + BATCH_SIZE, len(subset)))
    inputs = {role: data.normaliser.apply(role, raw[rows]) for role, raw in subset.inputs.items()}
    return Batch(inputs, None if subset.target is None else subset.target[rows])
