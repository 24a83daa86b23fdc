"""Samples out of a generating network, made as the studio makes them by default."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.parts import DataSet, Part
from dlstudio.design.model import Project
from dlstudio.insight.watching import resting
from dlstudio.network.compile import compile_design
from dlstudio.network.weights import load_weights
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.choose import choose_objective

AT_ONCE = 100


@torch.inference_mode()
def generate(
    project: Project, data: DataSet, weights: Path | None, count: int, sampler: str = ""
) -> Tensor:
    """Return samples `(count, *)` in the unit of the raw data, within its range.

    Args:
        weights: Of the trained network; None takes those that it begins with.
        count: A multiple of `AT_ONCE`, or less.
        sampler: Name of one of the task's samplers; empty for the usual one.
    """
    compiled = compile_design(project, data.facts)
    if weights is not None and not load_weights(compiled.module, weights).complete:
        raise RuntimeError(f"{project.title}: {weights} does not fit the network")
    objective = choose_objective(project.training, compiled)
    subset = data.test or data.train
    outputs: list[Tensor] = []
    with resting(compiled.module):
        for seed in range(-(-count // AT_ONCE)):
            request = SampleRequest(seed=seed, count=min(count, AT_ONCE), sampler=sampler)
            samples = objective.sample(request, _given(subset, data, seed))
            if samples is None:
                raise RuntimeError(f"{project.title}: this task makes no samples")
            outputs.append(samples.tensors["generated"])
    generated = data.normaliser.undo("samples", torch.cat(outputs))
    real = data.train.inputs["samples"]
    return generated if real.ndim == 2 else generated.clamp(float(real.min()), float(real.max()))


def _given(part: Part, data: DataSet, turn: int) -> Batch:
    """Return real samples, others at every turn: classes are taken from them."""
    start = turn * AT_ONCE % max(len(part) - AT_ONCE, 1)
    rows = torch.arange(start, min(start + AT_ONCE, len(part)))
    inputs = {role: data.normaliser.apply(role, raw[rows]) for role, raw in part.inputs.items()}
    return Batch(inputs, None if part.target is None else part.target[rows])
