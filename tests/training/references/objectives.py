"""Objectives over networks so small that a reference computes their outputs itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import torch

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE, BatchResult
from dlstudio.training.tasks.core.objective import Objective
from dlstudio.training.tasks.registry import create_objective
from tests.training.generative_designs import DesignBuilder

CPU = torch.device("cpu")


@lru_cache(maxsize=64)
def _compiled(task: str, shape: tuple[int, ...], layers: tuple[str, ...], role: str) -> Any:
    builder = DesignBuilder()
    end = builder.add_chain(builder.add("input"), [(kind, {}) for kind in layers])
    builder.add("output", end, role=role)
    project = builder.project("moons", {}, task=task)
    return compile_design(project, DatasetInfo({"samples": Signal(shape)})), project


def plain_objective(
    task: str,
    shape: Sequence[int],
    role: str,
    *,
    layers: Sequence[str] = ("leaky_relu",),
    **training: Any,
) -> Objective:
    """Return an objective whose network is a chain of layers without weights."""
    compiled, project = _compiled(task, tuple(shape), tuple(layers), role)
    return create_objective(replace(project.training, **training), compiled)


def objective_of(
    project: Project, inputs: Mapping[str, Signal], numbers: Mapping[str, int] | None = None
) -> Objective:
    """Return the objective of a design on data with these inputs, with new weights."""
    compiled = compile_design(project, DatasetInfo(inputs, numbers=numbers or {}))
    return create_objective(project.training, compiled)


def evaluate(
    objective: Objective, batches: Iterable[Batch], seed: int = 0
) -> tuple[dict[str, float], list[BatchResult]]:
    """Return the metrics of batches, and the results that they were computed from."""
    metrics = objective.create_metrics(CPU)
    results = []
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for batch in batches:
            results.append(objective.evaluate(batch, generator))
            metrics.update(results[-1])
    return metrics.compute(), results


def training_loss(objective: Objective, batch: Batch) -> float:
    """Return the loss of one batch as in training, with the weights of the classes."""
    return float(objective.score(batch, SINGLE_PHASE[0], torch.Generator().manual_seed(1)).loss)
