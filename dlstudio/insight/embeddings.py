"""What a network makes of a whole part of the data at one layer: rows for plots and probes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.batches import Batches
from dlstudio.data.parts import Part, Progress
from dlstudio.insight.watching import quiet, resting
from dlstudio.network.compile import Component
from dlstudio.network.cut import layer_result, up_to
from dlstudio.training.objective import arguments
from dlstudio.training.observer import RunView

Rows = npt.NDArray[np.float32]
_BATCH = 512


def embed(
    view: RunView,
    part: Part,
    path: str = "",
    *,
    most: int = 0,
    width: int = 0,
    progress: Progress = quiet,
) -> Rows:
    """Return a row of numbers for each sample `(N, D)`.

    Args:
        view: A network and how its samples are normalised; it is left as it was.
        part: Raw samples.
        path: Layer whose output is taken; empty takes what answers the task.
        most: Take only so many first samples; 0 takes all.
        width: Average neighbours where a sample has more numbers than this; 0 keeps all.
        progress: Told the share done; what it raises ends the work.

    Raises:
        ValueError: There is no such layer.
    """
    objective = view.objective
    component, select_output = objective.main, objective.pick
    if path:
        component, select_output = _up_to(component, path), _only
    batches = Batches(part, _BATCH, view.device, view.normaliser, keep_single=True)
    rows = []
    with torch.inference_mode(), resting(objective.compiled.module):
        for index in range(batches.steps):
            progress("Sending samples through", index / batches.steps)
            inputs = objective.fill(objective.main, batches.batch(None, index).inputs)
            results = component.module(*arguments(inputs, component))
            output = select_output(results if isinstance(results, tuple) else (results,))
            count = len(next(iter(inputs.values())))
            if len(output) != count:  # a layer that sees time steps one by one
                output = output.unflatten(0, (count, -1))
            rows.append(_narrowed(output.float(), width).cpu().numpy())
            if most and sum(map(len, rows)) >= most:
                break
    result: Rows = np.concatenate(rows)
    return result[:most] if most else result


def _narrowed(answer: Tensor, width: int) -> Tensor:
    """Return a row for each sample `(B, D)`: maps averaged over places, sequences over steps."""
    flat = answer.flatten(1)
    if not width or flat.shape[1] <= width:
        return flat
    if answer.ndim == 4 and answer.shape[1] <= width:
        side = max(int((width / answer.shape[1]) ** 0.5), 1)
        size = (min(side, answer.shape[2]), min(side, answer.shape[3]))
        return functional.adaptive_avg_pool2d(answer, size).flatten(1)
    if answer.ndim == 3 and answer.shape[2] <= width:
        return answer.mean(1)
    return functional.adaptive_avg_pool1d(flat.unsqueeze(1), width).squeeze(1)


def _up_to(component: Component, path: str) -> Component:
    node = layer_result(component, path)
    if node is None:
        raise ValueError(f"There is no layer {path!r} in this network.")
    return up_to(component, node)


def _only(results: tuple[Tensor, ...]) -> Tensor:
    return results[0]
