"""Finds the nearest neighbours of samples in a learned embedding."""

from __future__ import annotations

import torch
from torch.nn import functional

from dlstudio.data.core.dataset import Subset
from dlstudio.insight.common.original_cells import TableRows
from dlstudio.insight.common.sample_selection import normalised_batch
from dlstudio.insight.samples.sample_rows import sample_form, to_numpy
from dlstudio.insight.samples.sample_views import SampleForm, SampleRow, SamplesView
from dlstudio.insight.samples.table_lines import neighbour_lines
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.tasks.core.objective import forward_by_role

_ROLE = "embedding"
_CANDIDATES = 512
"""Number of samples to search for neighbours."""
_TITLES = ("Sample", "Nearest", "Second", "Third")


def nearest_neighbours(
    view: RunView, subset: Subset, rows: torch.Tensor, request: SampleRequest
) -> SamplesView | None:
    """Return samples with their nearest neighbours by cosine similarity of embeddings.

    None if the network has no embedding output or its data has no input called `samples`.
    """
    main, raw = view.objective.main, subset.inputs.get("samples")
    if raw is None or all(binding.role != _ROLE for binding in main.outputs):
        return None
    generator = torch.Generator().manual_seed(request.seed)
    candidates = torch.cat(
        (rows, torch.randperm(subset.total_samples, generator=generator)[:_CANDIDATES])
    )
    candidates = torch.tensor(list(dict.fromkeys(candidates.tolist())))
    batch, _ = normalised_batch(view, subset, candidates)
    unit = functional.normalize(
        forward_by_role(main, batch.inputs)[_ROLE].float().flatten(1), dim=1
    )
    similarity = unit[: len(rows)] @ unit.T
    nearest = similarity.topk(min(len(_TITLES), len(candidates)), dim=1).indices
    table = TableRows.of(view, raw)
    if table is not None:
        near = candidates[nearest.cpu()].tolist()
        cells = [[table.original(subset, row) for row in line] for line in near]
        lines = neighbour_lines([line[0] for line in cells], [line[1:] for line in cells])
        return SamplesView(view.step, "texts", (), seed=request.seed, captions=lines)
    form: SampleForm = "pictures" if sample_form(raw) == "pictures" else "lines"
    shown = tuple(
        SampleRow(title, to_numpy(batch.inputs["samples"][nearest[:, rank]], view, raw, form))
        for rank, title in enumerate(_TITLES[: nearest.shape[1]])
    )
    return SamplesView(view.step, form, shown, paired=True, seed=request.seed)
