"""Detects anomalous samples by their reconstruction error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.insight.analyses.anomaly_samples import MAX_SAMPLES, anomalous_subset
from dlstudio.insight.analyses.anomaly_views import AnomalySource, AnomalyView, Errors, auroc
from dlstudio.insight.common.eval_mode import eval_mode, no_progress
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.common.original_cells import TableRows
from dlstudio.insight.samples.sample_rows import to_view
from dlstudio.insight.samples.sample_views import SamplesView
from dlstudio.insight.samples.table_lines import rebuilt_line, undo
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest

_BATCH = 512
_WORST_COUNT = 8
_ORDER = ("test", "validation", "train")


@runtime_checkable
class Reconstructs(Protocol):
    """A task whose networks reconstruct their input."""

    def reconstruct(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return deterministic reconstructions of samples."""
        ...


def compute_anomalies(state: NetworkState, source: str, folder: str, seed: int) -> AnomalyView:
    """Return how well reconstruction errors separate anomalous samples from normal ones."""
    return evaluate_anomalies(
        state.network,
        AnomalySource(source, {"path": folder} if folder else {}, seed),
        state.progress,
        data_dir=state.data_dir,
        design_dir=state.design_dir,
    )


def evaluate_anomalies(
    view: RunView,
    source: AnomalySource,
    progress: ProgressCallback = no_progress,
    *,
    data_dir: str = "",
    design_dir: str = "",
) -> AnomalyView:
    """Return the errors of normal samples (from the test set if it exists) and anomalous ones.

    Args:
        view: A network and its data, which are not changed.
        source: Where anomalous samples come from.
        progress: Called with a message and the completed share; an exception it raises cancels.
        data_dir: Folder of downloads.
        design_dir: Base folder of relative paths to the user's own data.

    Raises:
        ValueError: The task does not reconstruct, or the samples do not match the network.
        DataError: The anomalous samples cannot be loaded.
    """
    require_reconstruction(view)
    name = next(
        candidate
        for candidate in _ORDER
        if candidate in view.subsets and len(view.subsets[candidate])
    )
    normal = _first_samples(view.subsets[name])
    anomalous = _first_samples(anomalous_subset(source, normal, progress, data_dir, design_dir))
    normal_errors = sample_errors(view, normal, progress, "Reconstructing normal samples")
    anomalous_errors = sample_errors(view, anomalous, progress, "Reconstructing anomalous samples")
    return AnomalyView(
        view.step,
        source,
        normal_errors,
        anomalous_errors,
        auroc(normal_errors, anomalous_errors),
        name,
        _worst(view, normal, normal_errors, "Normal, worst", normal),
        _worst(view, anomalous, anomalous_errors, "Anomalous, worst", normal),
    )


def sample_errors(
    view: RunView,
    subset: Subset,
    progress: ProgressCallback = no_progress,
    message: str = "Reconstructing samples",
) -> Errors:
    """Return the mean squared error of each sample's reconstruction, normalised, `(N,)`.

    Args:
        view: A network and its normaliser, which are not changed.
        subset: Raw samples.
        progress: Called with `message` and the completed share; an exception it raises cancels.
        message: Message of the progress.

    Raises:
        ValueError: The task does not reconstruct its input.
    """
    objective = require_reconstruction(view)
    batches = Batches(subset, _BATCH, view.device, view.normaliser, keep_single=True)
    errors = []
    with torch.inference_mode(), eval_mode(view.objective.compiled.module):
        for index in range(batches.steps):
            progress(message, index / batches.steps)
            inputs = batches.batch(None, index).inputs
            residual = objective.reconstruct(inputs).float() - inputs["samples"]
            errors.append(residual.square().flatten(1).mean(1).cpu())
    return torch.cat(errors).double().numpy()


def require_reconstruction(view: RunView) -> Reconstructs:
    """Return the task if it reconstructs its input; raises ValueError otherwise."""
    if not isinstance(view.objective, Reconstructs):
        raise ValueError(
            "This task does not reconstruct its input, so it cannot detect anomalies. Choose "
            "reconstruction or a variational autoencoder."
        )
    return view.objective


def _first_samples(subset: Subset) -> Subset:
    return subset.select(torch.arange(min(subset.total_samples, MAX_SAMPLES)))


def _worst(
    view: RunView, subset: Subset, errors: Errors, title: str, normal: Subset
) -> SamplesView:
    """Return the samples with the largest errors, the worst first, and their reconstructions.

    Rows of a table show the columns with the largest normalised errors. Other rows of numbers stay
    normalised, like their error, so that no column's unit dominates.
    """
    rows = torch.from_numpy(np.argsort(-errors, kind="stable")[:_WORST_COUNT].copy())
    objective = require_reconstruction(view)
    chosen = {
        role: view.normaliser.apply(role, raw[rows]).to(view.device)
        for role, raw in subset.inputs.items()
    }
    with torch.inference_mode(), eval_mode(view.objective.compiled.module):
        reconstruction = objective.reconstruct(chosen).float()
    table = TableRows.of(view, normal.inputs.get("samples"))
    if table is not None:
        cells = [table.original(subset, row) for row in rows.tolist()]
        orders = _column_orders(table, reconstruction - chosen["samples"])
        rebuilt = undo(view, reconstruction)
        lines = map(partial(rebuilt_line, table), cells, rebuilt, orders)
        return SamplesView(view.step, "texts", (), captions=tuple(lines))
    samples = GeneratedSamples(
        "pairs", {title: chosen["samples"], "Reconstruction": reconstruction}
    )
    if chosen["samples"].ndim != 4:
        view = replace(view, normaliser=Normaliser())
    result = to_view(samples, view, normal.inputs.get("samples"), SampleRequest())
    assert result is not None
    return result


def _column_orders(table: TableRows, residual: Tensor) -> list[list[int]]:
    """Return for each sample the indices of the columns, the largest normalised error first."""
    squares = residual.square()
    errors = [squares[:, group.start : group.stop].sum(1) for group in table.groups]
    orders: list[list[int]] = (
        torch.stack(errors, 1).argsort(stable=True, dim=1, descending=True).tolist()
    )
    return orders
