"""Samples and predictions of a network, at intervals during training or on request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.dataset import Subset
from dlstudio.insight.common.array_types import Floats
from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.insight.common.live_scheduler import SLOWEST, LiveScheduler
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.common.observed_network import ObservedNetwork, copy_view
from dlstudio.insight.common.original_cells import TableRows
from dlstudio.insight.common.sample_selection import normalised_batch, preferred_subset
from dlstudio.insight.samples.nearest_neighbours import nearest_neighbours
from dlstudio.insight.samples.predictions import predictions
from dlstudio.insight.samples.prompt_tokens import with_prompt_tokens
from dlstudio.insight.samples.sample_rows import sample_form, to_view
from dlstudio.insight.samples.sample_views import LatentView, SamplesView
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.core.task_spec import INTERPOLATION
from dlstudio.training.tasks.core.latent_space import LatentSpace
from dlstudio.training.tasks.language.masked_token import MaskedToken

POINT_COUNT = 400
"""Minimum number of points drawn for a 2-D distribution."""
_CODE_COUNT = 64
"""Number of samples from which the spread of the latent codes is estimated."""


class SampleObserver:
    """An observer that generates samples or predictions during a run."""

    name = "samples"

    def __init__(
        self, scheduler: LiveScheduler | None = None, network: ObservedNetwork | None = None
    ) -> None:
        """Start with the default request.

        Args:
            scheduler: Shares observation time with other views; None creates one for this view.
            network: The network shared with other views of it; None creates one.
        """
        self._network = network or ObservedNetwork()
        self._scheduler = scheduler or LiveScheduler()
        self._scheduler.register(self.name, fastest=SLOWEST)
        self._request = self._last_valid = SampleRequest()
        self._pending = True
        self._last_step = -1
        self._unsupported = False
        self._copied: RunView | None = None
        self._copy: RunView | None = None
        self._is_watched = True

    @property
    def is_watched(self) -> bool:
        """Whether the view is visible; a hidden view costs no time. Set it from any thread."""
        return self._is_watched

    @is_watched.setter
    def is_watched(self, watched: bool) -> None:
        self._is_watched = watched
        self._scheduler.set_watched(self.name, watched=watched)

    @property
    def is_unsupported(self) -> bool:
        """Whether the task turned out to support neither samples nor predictions."""
        return self._unsupported

    def request(self, request: SampleRequest) -> None:
        """Use this request from now on; may be called from any thread."""
        self._request = request
        self._pending = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether the next observation is due; never for an unsupported task.

        The first observation is made even if the view is hidden: it supplies the network.
        """
        del epoch
        if self._unsupported or not (self.is_watched or self._network.view is None):
            return False
        return self._pending or (step != self._last_step and self._scheduler.is_due(self.name))

    def observe(self, view: RunView) -> SamplesView | None:
        """Return samples of the network at its current step; None if it is unsupported."""
        self._network.update(view)
        self._pending, self._last_step = False, view.step
        request = self._request
        with self._scheduler.look(self.name):
            result = sample_network(view, request)
        self._unsupported = result is None
        if result is None or not result.error:
            self._last_valid = request
        elif self._request is request:
            self._request = self._last_valid
        return result

    def sample_on_copy(self, request: SampleRequest, step: int) -> SamplesView | None:
        """Return samples of the network as a run left it, or as it was restored.

        Uses a copy made at the first call, when training has ended; it may therefore run in any
        thread, one call at a time. None if no network has been observed yet.
        """
        view = self._network.view
        if view is None or self._unsupported:
            return None
        if self._copy is None or self._copied is not view:
            self._copied, self._copy = view, copy_view(view, step)
        return sample_network(replace(self._copy, step=step), request)


def compute_samples(state: NetworkState, **options: Any) -> SamplesView | None:
    """Return samples or predictions; `options` are fields of `SampleRequest`."""

    def on_progress(share: float) -> None:
        state.progress("Making samples", share)

    return sample_network(state.network, SampleRequest(**options, on_progress=on_progress))


def sample_network(view: RunView, request: SampleRequest) -> SamplesView | None:
    """Return samples or predictions; None if the task supports neither or the data is empty.

    If the request cannot be fulfilled, `error` of the result says why.
    """
    subset = preferred_subset(view)
    if subset is None:
        return None
    try:
        _check_class(view, request)
        with torch.inference_mode(), eval_mode(view.objective.compiled.module):
            return _sample(view, subset, request)
    except TrainingError as error:
        return SamplesView(view.step, "texts", (), seed=request.seed, error=str(error))


def _check_class(view: RunView, request: SampleRequest) -> None:
    classes = view.facts.numbers.get("classes", 0)
    if 0 < classes <= request.label:
        raise TrainingError(
            f"There is no class {request.label}: the data has {classes}, counted from 0. "
            "Choose one of them, or -1 for any."
        )


def _sample(view: RunView, subset: Subset, request: SampleRequest) -> SamplesView | None:
    objective, raw = view.objective, subset.inputs.get("samples")
    masked = isinstance(objective, MaskedToken)
    request = with_prompt_tokens(request, view.vocabulary, masked=masked)
    batch, rows = normalised_batch(view, subset, _choose_rows(subset, request))
    space: LatentSpace | None = None
    if request.explore_latent:
        space = objective.latent_space(request, batch)
        request = replace(request, latent=request.latent or tuple(space.start.tolist()), count=1)
    elif raw is not None and sample_form(raw) == "points" and request.sampler != INTERPOLATION:
        request = replace(request, count=max(request.count, POINT_COUNT))
        batch, rows = normalised_batch(view, subset, _choose_rows(subset, request))
    samples = objective.sample(request, batch)
    if samples is not None:
        table = TableRows.of(view, raw)
        originals = [table.original(subset, row) for row in rows.tolist()] if table else []
        result = to_view(samples, view, raw, request, originals)
        return result if result is None or space is None else _with_latent(result, space, request)
    neighbour_view = nearest_neighbours(view, subset, rows, request)
    return neighbour_view or predictions(view, subset, rows, request)


def _choose_rows(subset: Subset, request: SampleRequest) -> Tensor:
    """Return the indices of the samples to use, which depend on the seed.

    While exploring the latent space, the first is the sample that is moved; the others, from which
    the spread of the codes is estimated, are the same for every seed.
    """
    if request.sampler == INTERPOLATION:
        return torch.tensor(
            [request.start % subset.total_samples, request.end % subset.total_samples]
        )
    chosen = _shuffled(subset, request.seed)
    if not request.explore_latent:
        return chosen[: request.count]
    return torch.cat((chosen[:1], _shuffled(subset, 0)[: _CODE_COUNT - 1]))


def _shuffled(subset: Subset, seed: int) -> Tensor:
    return torch.randperm(subset.total_samples, generator=torch.Generator().manual_seed(seed))


def _with_latent(view: SamplesView, space: LatentSpace, request: SampleRequest) -> SamplesView:
    position = np.array(request.latent, np.float32)
    order = np.asarray(space.order.cpu().numpy(), np.int64)
    latent = LatentView(position, _floats(space.low), _floats(space.high), order)
    return replace(view, latent=latent)


def _floats(tensor: Tensor) -> Floats:
    return np.asarray(tensor.float().cpu().numpy(), np.float32)
