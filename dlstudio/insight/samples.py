"""Lets a network show what it makes of its own, now and then while it learns, or on demand."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.parts import Part
from dlstudio.insight.answers import answers
from dlstudio.insight.arrays import Floats
from dlstudio.insight.choosing import given_rows, part_of
from dlstudio.insight.neighbours import neighbours
from dlstudio.insight.prompts import prompted
from dlstudio.insight.sample_rows import form_of, view_of
from dlstudio.insight.sample_views import LatentView, SamplesView
from dlstudio.insight.watching import resting
from dlstudio.training.errors import TrainingError
from dlstudio.training.latent_space import LatentSpace
from dlstudio.training.observer import RunView
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.task_table import INTERPOLATION
from dlstudio.training.tasks.masked_token import MaskedToken

LEAST_INTERVAL = 2.0
"""Seconds between two looks, at least."""
COST_SHARE = 60.0
"""A look rests this many times as long as the last one took."""
MOST_POINTS = 400
"""So many points show the form of a cloud."""
_CODES = 64
"""So many samples tell how far their codes spread."""


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
        self.is_watched = True
        """Whether anybody looks; else a run makes nothing. May be set from any thread."""

    @property
    def is_silent(self) -> bool:
        """Whether the task has turned out to make nothing."""
        return self._silent

    def ask(self, request: SampleRequest) -> None:
        """Show these from now on; may be called from any thread."""
        self._request = request
        self._asked = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether it is time to look again; never for a task that makes nothing.

        Before the first look the network is not known, so that one is taken unwatched too.
        """
        del epoch
        if self._silent or not (self.is_watched or self._view is None):
            return False
        return self._asked or (step != self._last_step and self._clock() >= self._rest_until)

    def observe(self, view: RunView) -> SamplesView | None:
        """Return what the network makes now."""
        started = self._clock()
        self._asked, self._view, self._last_step = False, view, view.step
        self._copied = None
        request = self._request
        result = draw(view, request)
        self._silent = result is None
        if result is None or not result.trouble:
            self._proven = request
        elif self._request is request:
            self._request = self._proven
        elapsed = self._clock() - started
        self._rest_until = started + elapsed + max(LEAST_INTERVAL, COST_SHARE * elapsed)
        return result

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
    subset = part_of(view)
    if subset is None:
        return None
    try:
        _refuse_unknown_class(view, request)
        with torch.inference_mode(), resting(view.objective.compiled.module):
            return _draw(view, subset, request)
    except TrainingError as error:
        return SamplesView(view.step, "texts", (), seed=request.seed, trouble=str(error))


def _refuse_unknown_class(view: RunView, request: SampleRequest) -> None:
    classes = view.facts.numbers.get("classes", 0)
    if 0 < classes <= request.label:
        raise TrainingError(
            f"There is no class {request.label}: the data has {classes}, counted from 0. "
            "Choose one of them, or -1 for any."
        )


def _draw(view: RunView, part: Part, request: SampleRequest) -> SamplesView | None:
    objective, raw = view.objective, part.inputs.get("samples")
    masked = isinstance(objective, MaskedToken)
    request = prompted(request, view.vocabulary, hidden=masked)
    batch, rows = given_rows(view, part, _rows(part, request))
    space: LatentSpace | None = None
    if request.explores:
        space = objective.latent(request, batch)
        request = replace(request, latent=request.latent or tuple(space.start.tolist()), count=1)
    elif raw is not None and form_of(raw) == "points" and request.sampler != INTERPOLATION:
        request = replace(request, count=max(request.count, MOST_POINTS))
        batch, rows = given_rows(view, part, _rows(part, request))
    samples = objective.sample(request, batch)
    if samples is not None:
        result = view_of(samples, view, raw, request)
        return result if result is None or space is None else _in_space(result, space, request)
    neighbour_view = neighbours(view, part, rows, request)
    return neighbour_view or answers(view, part, rows, request)


def _rows(part: Part, request: SampleRequest) -> Tensor:
    """Return which samples of the data are taken: they follow from the seed.

    How far codes spread is told by the same samples each time, behind the one that is moved.
    """
    if request.sampler == INTERPOLATION:
        return torch.tensor([request.start % part.rows, request.end % part.rows])
    chosen = _shuffled(part, request.seed)
    if not request.explores:
        return chosen[: request.count]
    return torch.cat((chosen[:1], _shuffled(part, 0)[: _CODES - 1]))


def _shuffled(part: Part, seed: int) -> Tensor:
    return torch.randperm(part.rows, generator=torch.Generator().manual_seed(seed))


def _in_space(seen: SamplesView, space: LatentSpace, request: SampleRequest) -> SamplesView:
    position = np.array(request.latent, np.float32)
    order = np.asarray(space.order.cpu().numpy(), np.int64)
    latent = LatentView(position, _floats(space.low), _floats(space.high), order)
    return replace(seen, latent=latent)


def _floats(tensor: Tensor) -> Floats:
    return np.asarray(tensor.float().cpu().numpy(), np.float32)
