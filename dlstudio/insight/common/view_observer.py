"""Computes any live view between two steps of a run, as often as the scheduler allows.

A view may come from an installed package, so its exceptions must never end the run.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from typing import Any

import torch

from dlstudio.data.core.errors import Cancelled
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.entry_points import error_text, reason_text
from dlstudio.insight.common.borrowed_network import borrowed
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.insight.common.view_result import ViewResult
from dlstudio.training.loop.observer import RunView

FASTEST = 0.3
"""Shortest interval between updates, in seconds."""
Compute = Callable[[RunView, ProgressCallback, Mapping[str, Any]], Any]
"""Computes a view of a network with options; the text of a ValueError is shown to the user."""

_log = logging.getLogger(__name__)


class _Request:
    """Options of a request; compared by identity, so that equal options can be requested again."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = dict(options)


class ViewObserver:
    """An observer that computes a view while it is visible.

    The window's thread replaces the request, the run's thread reads it; nothing else is shared.
    """

    def __init__(self, name: str, compute: Compute, scheduler: LiveScheduler) -> None:
        """Compute the view called `name` only while it is watched."""
        self.name = name
        self._compute = compute
        self._scheduler = scheduler
        self._request: _Request | None = None
        self._answered: _Request | None = None
        self._failed: _Request | None = None
        self._last_step = -1
        scheduler.register(name, fastest=FASTEST)
        scheduler.set_watched(name, watched=False)

    def watch(self, options: Mapping[str, Any] | None) -> None:
        """Compute with these options from now on, None to stop; may be called from any thread."""
        request = self._request
        if options is None or request is None or request.options != options:
            self._request = None if options is None else _Request(options)
        self._scheduler.set_watched(self.name, watched=options is not None)

    def compute_now(self) -> None:
        """Compute once without waiting for the scheduler; may be called from any thread."""
        if self._request is not None:
            self._request = _Request(self._request.options)

    def wants(self, step: int, epoch: int) -> bool:
        """Whether a request is pending or an update is due; False after an error in the view."""
        del epoch
        request = self._request
        if request is None or request is self._failed:
            return False
        if request is not self._answered:
            return True
        return step != self._last_step and self._scheduler.is_due(self.name)

    def observe(self, view: RunView) -> ViewResult | None:
        """Return the view of the network; None if the computation was cancelled."""
        request = self._request
        if request is None:
            return None

        def report_progress(_text: str, _done: float | None) -> None:
            if self._request is not request:
                raise Cancelled

        self._last_step = view.step
        module = view.objective.compiled.module
        result: ViewResult | None
        try:
            with self._scheduler.look(self.name), torch.enable_grad(), borrowed(module):
                value = copy.deepcopy(self._compute(view, report_progress, request.options))
            result = ViewResult(self.name, view.step, value)
        except Cancelled:
            result = None
        except ValueError as error:
            text = error_text(error) or reason_text(error)
            result = ViewResult(self.name, view.step, error=text)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a view never ends the run
            _log.exception("the view %r failed", self.name)
            self._failed = request
            text = reason_text(error)
            result = ViewResult(self.name, view.step, error=text, is_unexpected=True)
        self._answered = request
        return result
