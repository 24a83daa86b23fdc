"""Shows which samples lie next to each other in a learned embedding."""

from __future__ import annotations

import torch
from torch.nn import functional

from dlstudio.data.parts import Part
from dlstudio.insight.choosing import given_rows
from dlstudio.insight.sample_rows import form_of, plain
from dlstudio.insight.sample_views import SampleForm, SampleRow, SamplesView
from dlstudio.training.objective import answer
from dlstudio.training.observer import RunView
from dlstudio.training.sampling import SampleRequest

_ROLE = "embedding"
_AMONG = 512
"""So many samples are searched for neighbours."""
_TITLES = ("Sample", "Next to it", "Second", "Third")


def neighbours(
    view: RunView, part: Part, rows: torch.Tensor, request: SampleRequest
) -> SamplesView | None:
    """Return samples above those whose embeddings are most alike, by cosine.

    None where the network makes no embedding, or its samples are neither pictures nor lines.
    """
    main, raw = view.objective.main, part.inputs.get("samples")
    if raw is None or all(binding.role != _ROLE for binding in main.outputs):
        return None
    generator = torch.Generator().manual_seed(request.seed)
    candidates = torch.cat((rows, torch.randperm(part.rows, generator=generator)[:_AMONG]))
    candidates = torch.tensor(list(dict.fromkeys(candidates.tolist())))
    batch, _ = given_rows(view, part, candidates)
    unit = functional.normalize(answer(main, batch.inputs)[_ROLE].float().flatten(1), dim=1)
    similarity = unit[: len(rows)] @ unit.T
    nearest = similarity.topk(min(len(_TITLES), len(candidates)), dim=1).indices
    form: SampleForm = "pictures" if form_of(raw) == "pictures" else "lines"
    shown = tuple(
        SampleRow(title, plain(batch.inputs["samples"][nearest[:, rank]], view, raw, form))
        for rank, title in enumerate(_TITLES[: nearest.shape[1]])
    )
    return SamplesView(view.step, form, shown, paired=True, seed=request.seed)
