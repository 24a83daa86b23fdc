"""Tells odd samples by how badly a network that rebuilds the usual ones rebuilds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.batches import Batches
from dlstudio.data.normaliser import Normaliser
from dlstudio.data.parts import Part, Progress
from dlstudio.insight.anomaly_views import AnomalyView, Errors, OddChoice, auroc
from dlstudio.insight.odd_samples import MOST, odd_part
from dlstudio.insight.sample_rows import view_of
from dlstudio.insight.sample_views import SamplesView
from dlstudio.insight.watching import quiet, resting
from dlstudio.training.observer import RunView
from dlstudio.training.sampling import SampleRequest, Samples

_BATCH = 512
_WORST = 8
_ORDER = ("test", "validation", "train")


@runtime_checkable
class Rebuilds(Protocol):
    """A task whose networks give back what went in."""

    def rebuild(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return what the networks make of samples, without chance or noise."""
        ...


def survey(
    view: RunView,
    choice: OddChoice,
    progress: Progress = quiet,
    *,
    data_dir: str = "",
    design_dir: str = "",
) -> AnomalyView:
    """Return the errors of usual samples, of the test where there is one, and of odd ones.

    Args:
        view: A network and its data; it is left as it was.
        choice: Where odd samples come from.
        progress: Told what goes on and the share done; what it raises ends the work.
        data_dir: Folder of downloads.
        design_dir: Folder that relative paths of the user's own data start from.

    Raises:
        ValueError: The task rebuilds nothing, or the odd samples do not fit the network.
        DataError: The odd samples cannot be had.
    """
    demand_rebuilding(view)
    name = next(
        candidate for candidate in _ORDER if candidate in view.parts and len(view.parts[candidate])
    )
    normal = _first(view.parts[name])
    anomalous = _first(odd_part(choice, normal, progress, data_dir, design_dir))
    normal_errors = sample_errors(view, normal, progress, "Rebuilding usual samples")
    anomalous_errors = sample_errors(view, anomalous, progress, "Rebuilding odd samples")
    return AnomalyView(
        view.step,
        choice,
        normal_errors,
        anomalous_errors,
        auroc(normal_errors, anomalous_errors),
        name,
        _worst(view, normal, normal_errors, "Usual, worst", normal),
        _worst(view, anomalous, anomalous_errors, "Odd, worst", normal),
    )


def sample_errors(
    view: RunView, part: Part, progress: Progress = quiet, words: str = "Rebuilding samples"
) -> Errors:
    """Return the mean squared error of each sample's reconstruction, normalised, `(N,)`.

    Args:
        view: A network and how its samples are normalised; it is left as it was.
        part: Raw samples.
        progress: Told the share done; what it raises ends the work.
        words: What `progress` is told.

    Raises:
        ValueError: The task rebuilds nothing.
    """
    objective = demand_rebuilding(view)
    batches = Batches(part, _BATCH, view.device, view.normaliser, keep_single=True)
    errors = []
    with torch.inference_mode(), resting(view.objective.compiled.module):
        for index in range(batches.steps):
            progress(words, index / batches.steps)
            inputs = batches.batch(None, index).inputs
            residual = objective.rebuild(inputs).float() - inputs["samples"]
            errors.append(residual.square().flatten(1).mean(1).cpu())
    return torch.cat(errors).double().numpy()


def demand_rebuilding(view: RunView) -> Rebuilds:
    """Return a task that gives back what goes in; ValueError for any other."""
    if not isinstance(view.objective, Rebuilds):
        raise ValueError("This task does not give back what goes in, so nothing tells odd samples.")
    return view.objective


def _first(part: Part) -> Part:
    return part.select(torch.arange(min(part.rows, MOST)))


def _worst(view: RunView, part: Part, errors: Errors, title: str, usual: Part) -> SamplesView:
    """Return the samples with the largest errors, the worst first, and their reconstructions.

    Rows of numbers stay normalised, as their error is: one column's unit would hide the others.
    """
    rows = torch.from_numpy(np.argsort(-errors, kind="stable")[:_WORST].copy())
    objective = demand_rebuilding(view)
    chosen = {
        role: view.normaliser.apply(role, raw[rows]).to(view.device)
        for role, raw in part.inputs.items()
    }
    with torch.inference_mode(), resting(view.objective.compiled.module):
        reconstruction = objective.rebuild(chosen).float()
    samples = Samples("pairs", {title: chosen["samples"], "Rebuilt": reconstruction})
    if chosen["samples"].ndim != 4:
        view = replace(view, normaliser=Normaliser())
    result = view_of(samples, view, usual.inputs.get("samples"), SampleRequest())
    assert result is not None
    return result
