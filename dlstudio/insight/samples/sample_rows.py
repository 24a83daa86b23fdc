"""Turns what a task made into rows of pictures, points or lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.preview import to_images
from dlstudio.insight.samples.sample_views import SampleForm, SampleRow, SamplesView, Values
from dlstudio.insight.samples.token_marking import mark_tokens
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest

TITLES: Mapping[str, str] = {
    "given": "What goes in",
    "made": "What comes out",
    "wanted": "As it should be",
    "generated": "Generated",
}
REAL = "From the data"
_PLANE_AXES = 2
_RANGE_FROM = 512
"""So many samples of the data tell how dark and how bright its pictures are."""


def to_view(
    samples: GeneratedSamples, view: RunView, raw: Tensor | None, request: SampleRequest
) -> SamplesView | None:
    """Return what a window shows of samples.

    Args:
        samples: What the task made.
        view: The run.
        raw: The data's samples as they lie, None where it has none but tokens.
        request: What was asked for.
    """
    if "given" in samples.tensors and "generated" in samples.tensors:
        if view.vocabulary is None:
            return None
        lines = mark_tokens(samples, view.vocabulary)
        return SamplesView(view.step, "texts", (), seed=request.seed, captions=lines)
    if raw is None:
        return None
    if samples.form == "masks":
        return _masks(samples, view, raw, request)
    form = sample_form(raw)
    rows = [
        SampleRow(_title(name, samples, request), to_numpy(tensor, view, raw, form))
        for name, tensor in samples.tensors.items()
    ]
    if form == "points" and samples.form != "pairs":
        points = raw[:_RANGE_FROM].float().numpy()
        rows.insert(0, SampleRow(REAL, np.asarray(points, np.float32)))
    paired = samples.form in {"pairs", "way"} and form != "points"
    return SamplesView(view.step, form, tuple(rows), paired, request.seed)


def sample_form(raw: Tensor) -> SampleForm:
    """Return how samples of the data are drawn."""
    if raw.ndim == 4:
        return "pictures"
    return "points" if raw.ndim == 2 and raw.shape[1] == _PLANE_AXES else "lines"


def to_numpy(tensor: Tensor, view: RunView, raw: Tensor, form: SampleForm) -> Values:
    """Return normalised samples as they would lie in the data, as arrays."""
    values = view.normaliser.undo("samples", tensor.detach().float()).cpu()
    if form == "pictures":
        if raw.dtype == torch.uint8:
            low, high = 0.0, 255.0
        else:
            reference = raw[:_RANGE_FROM]
            low, high = float(reference.min()), float(reference.max())
        brightness = (values - low) / max(high - low, 1e-12)
        return to_images((brightness.clamp(0, 1) * 255).round().to(torch.uint8))
    flat = values if form == "points" else values.reshape(len(values), -1)
    return np.asarray(flat.numpy(), np.float32)


def _title(name: str, samples: GeneratedSamples, request: SampleRequest) -> str:
    if samples.form == "way":
        return f"From {request.start} to {request.end}"
    return TITLES.get(name, name)


def _masks(
    samples: GeneratedSamples, view: RunView, raw: Tensor, request: SampleRequest
) -> SamplesView:
    rows = []
    for name, tensor in samples.tensors.items():
        values = to_numpy(tensor, view, raw, "pictures") if name == "given" else _class_map(tensor)
        rows.append(SampleRow(TITLES.get(name, name), values))
    names = view.facts.class_names
    return SamplesView(view.step, "masks", tuple(rows), True, request.seed, class_names=names)


def _class_map(tensor: Tensor) -> Values:
    return np.asarray(tensor.clamp(0, 255).cpu().numpy(), np.uint8)
