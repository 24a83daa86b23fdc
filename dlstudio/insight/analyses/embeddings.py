"""Embeddings: the outputs of one layer for many samples, for plots and probes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.insight.common.eval_mode import eval_mode, no_progress
from dlstudio.network.compile.compile import Component
from dlstudio.network.compile.subnetwork import layer_node, truncate_at
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.core.objective import ordered_inputs

Embeddings = npt.NDArray[np.float32]
_BATCH = 512


def embed(
    view: RunView,
    subset: Subset,
    path: str = "",
    *,
    limit: int = 0,
    width: int = 0,
    progress: ProgressCallback = no_progress,
) -> Embeddings:
    """Return a vector for each sample `(N, D)`.

    Args:
        view: A network and its normaliser, which are not changed.
        subset: Raw samples.
        path: Path of the layer; empty uses the prediction of the task.
        limit: Use only this many first samples; 0 uses all.
        width: Pool outputs with more numbers than this; 0 keeps all.
        progress: Called with a message and the completed share; an exception it raises cancels.

    Raises:
        ValueError: The layer does not exist.
    """
    objective = view.objective
    component, select_output = objective.main, objective.select_output
    if path:
        component, select_output = _truncated(component, path), _first_result
    batches = Batches(subset, _BATCH, view.device, view.normaliser, keep_single=True)
    rows = []
    with torch.inference_mode(), eval_mode(objective.compiled.module):
        for index in range(batches.steps):
            progress("Computing embeddings", index / batches.steps)
            inputs = objective.fill_inputs(objective.main, batches.batch(None, index).inputs)
            results = component.module(*ordered_inputs(inputs, component))
            output = select_output(results if isinstance(results, tuple) else (results,))
            count = len(next(iter(inputs.values())))
            if len(output) != count:  # a time-distributed layer
                output = output.unflatten(0, (count, -1))
            rows.append(_pool(output.float(), width).cpu().numpy())
            if limit and sum(map(len, rows)) >= limit:
                break
    result: Embeddings = np.concatenate(rows)
    return result[:limit] if limit else result


def _pool(output: Tensor, width: int) -> Tensor:
    """Return a vector for each sample `(B, D)`, with maps and sequences averaged."""
    flat = output.flatten(1)
    if not width or flat.shape[1] <= width:
        return flat
    if output.ndim == 4 and output.shape[1] <= width:
        side = max(int((width / output.shape[1]) ** 0.5), 1)
        size = (min(side, output.shape[2]), min(side, output.shape[3]))
        return functional.adaptive_avg_pool2d(output, size).flatten(1)
    if output.ndim == 3 and output.shape[2] <= width:
        return output.mean(1)
    return functional.adaptive_avg_pool1d(flat.unsqueeze(1), width).squeeze(1)


def _truncated(component: Component, path: str) -> Component:
    node = layer_node(component, path)
    if node is None:
        raise ValueError(f"There is no layer {path!r} in this network.")
    return truncate_at(component, node)


def _first_result(results: tuple[Tensor, ...]) -> Tensor:
    return results[0]
