"""Lets a network show what it makes of its own, now and then while it learns, or on demand."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.parts import Part
from dlstudio.data.preview import as_pictures
from dlstudio.insight.sample_views import SampleForm, SampleRow, SamplesView, Values
from dlstudio.insight.watching import resting
from dlstudio.training.errors import TrainingError
from dlstudio.training.observer import RunView
from dlstudio.training.sampling import SampleRequest, Samples

LEAST_INTERVAL = 2.0
"""Seconds between two looks, at least."""
COST_SHARE = 60.0
"""A look rests this many times as long as the last one took."""
TITLES: Mapping[str, str] = {
    "given": "What goes in",
    "made": "What comes out",
    "wanted": "As it should be",
    "generated": "Generated",
}
REAL = "From the data"
MOST_POINTS = 400
"""So many points show the form of a cloud."""
_PLANE = 2
_RANGE_FROM = 512
"""So many samples of the data tell how dark and how bright its pictures are."""


class SampleProbe:
    """An observer that asks the task for samples of its own."""

    name = "samples"

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with the first seed."""
        self._clock = clock
        self._request = self._proven = SampleRequest()
        self._asked = True
        self._last_step = -1
        self._rest_until = 0.0
        self._view: RunView | None = None
        self._silent = False
        self._copied: RunView | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the task has turned out to make nothing."""
        return self._silent

    def ask(self, request: SampleRequest) -> None:
        """Show these from now on; may be called from any thread."""
        self._request = request
        self._asked = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether it is time to look again; never for a task that makes nothing."""
        del epoch
        if self._silent:
            return False
        return self._asked or (step != self._last_step and self._clock() >= self._rest_until)

    def observe(self, view: RunView) -> SamplesView | None:
        """Return what the network makes now."""
        began = self._clock()
        self._asked, self._view, self._last_step = False, view, view.step
        self._copied = None
        request = self._request
        seen = draw(view, request)
        self._silent = seen is None
        if seen is None or not seen.trouble:
            self._proven = request
        elif self._request is request:
            self._request = self._proven
        taken = self._clock() - began
        self._rest_until = began + taken + max(LEAST_INTERVAL, COST_SHARE * taken)
        return seen

    def after_backward(self, view: RunView) -> None:
        """Ask nothing of gradients."""

    def adopt(self, view: RunView) -> None:
        """Show what this network makes, which no run brings."""
        self._view = view
        self._copied = None

    def draw_again(self, request: SampleRequest, step: int) -> SamplesView | None:
        """Return what the network makes as a run left it, or as it was adopted.

        It works on a copy made at the first call, when the network learns no more; so it may run in
        any thread, one call at a time. None where nothing was seen yet.
        """
        view = self._view
        if view is None or self._silent:
            return None
        if self._copied is None:
            self._copied = replace(view, objective=copy.deepcopy(view.objective))
        return draw(replace(self._copied, step=step), request)


def draw(view: RunView, request: SampleRequest) -> SamplesView | None:
    """Return what the networks make, None where the task makes nothing or the data is empty.

    What cannot be made as it was asked for is told in words, in `trouble`.
    """
    try:
        return _draw(view, request)
    except TrainingError as error:
        return SamplesView(view.step, "texts", (), seed=request.seed, trouble=str(error))


def _draw(view: RunView, request: SampleRequest) -> SamplesView | None:
    part = next((view.parts[name] for name in _ORDER if name in view.parts), None)
    if part is None:
        return None
    if _are_points(part):
        request = replace(request, count=max(request.count, MOST_POINTS))
    module = view.objective.compiled.module
    with torch.inference_mode(), resting(module):
        samples = view.objective.sample(request, _given(view, part, request.count))
    return None if samples is None else view_of(samples, view, part, request)


_ORDER = ("test", "validation", "train")


def _are_points(part: Part) -> bool:
    raw = part.inputs.get("samples")
    return raw is not None and raw.ndim == 2 and raw.shape[1] == _PLANE


def _given(view: RunView, part: Part, count: int) -> Batch:
    inputs = {
        role: view.normaliser.apply(role, raw[:count]).to(view.device)
        for role, raw in part.inputs.items()
    }
    target = None if part.target is None else part.target[:count].to(view.device)
    return Batch(inputs, target)


def view_of(
    samples: Samples, view: RunView, part: Part, request: SampleRequest
) -> SamplesView | None:
    """Return what can be shown of samples in the form of a part's raw ones, None for nothing."""
    if samples.form == "tokens":
        return _written(samples, view, request)
    raw = part.inputs.get("samples")
    if raw is None:
        return None
    form = _form(samples, raw)
    rows = [
        SampleRow(TITLES.get(name, name), _plain(tensor, view, raw, form))
        for name, tensor in samples.tensors.items()
    ]
    paired = samples.form in {"pairs", "series"}
    if form == "points" and not paired:
        real = raw[: len(rows[0].values)].float().numpy()
        rows.insert(0, SampleRow(REAL, np.asarray(real, np.float32)))
    return SamplesView(view.step, form, tuple(rows), paired, request.seed)


def _written(samples: Samples, view: RunView, request: SampleRequest) -> SamplesView | None:
    words = view.vocabulary
    if words is None:
        return None
    none = np.empty((0, 0), np.float32)
    rows = [
        SampleRow(TITLES.get(name, name), none, tuple(map(words.decode, tokens.tolist())))
        for name, tokens in samples.tensors.items()
    ]
    return SamplesView(view.step, "texts", tuple(rows), True, request.seed)


def _form(samples: Samples, raw: Tensor) -> SampleForm:
    if raw.ndim == 4 and samples.form != "series":
        return "pictures"
    return "points" if raw.ndim == 2 and raw.shape[1] == _PLANE else "lines"


def _plain(tensor: Tensor, view: RunView, raw: Tensor, form: SampleForm) -> Values:
    figures = view.normaliser.undo("samples", tensor.detach().float()).cpu()
    if form == "pictures":
        if raw.dtype == torch.uint8:
            low, high = 0.0, 255.0
        else:
            of_data = raw[:_RANGE_FROM]
            low, high = float(of_data.min()), float(of_data.max())
        share = (figures - low) / max(high - low, 1e-12)
        return as_pictures((share.clamp(0, 1) * 255).round().to(torch.uint8))
    flat = figures if form == "points" else figures.reshape(len(figures), -1)
    return np.asarray(flat.numpy(), np.float32)
