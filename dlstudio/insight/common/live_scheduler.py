"""Divides the time that live views may take from training.

All views together may use 5 % of the training time. Expensive views are updated less often, and
time that one view does not need is available to the others. Still, every view is updated at least
every two seconds, as long as all views together stay below 10 %. In a run that is slowed down to be
watched, views are updated after each step, in the time between the steps. Does not import torch.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

BUDGET = 0.05
"""Share of the training time for all live views together."""
CEILING = 2 * BUDGET
"""The same, if some views would otherwise not be updated every two seconds."""
SLOWEST = 2.0
"""Longest interval between two updates of a view, in seconds."""
_IDLE_SHARE = 0.8
"""Share of the time between two slow steps that an update may wait or take."""
_MEMORY = 0.5
"""Weight of the earlier costs in their moving average."""


@dataclass(frozen=True, slots=True)
class ViewRate:
    """How often a live view is updated.

    Attributes:
        cost: Duration of an update, in seconds.
        interval: Time between updates, in seconds.
        share: Time for updates as a share of the training time.
    """

    cost: float
    interval: float

    @property
    def share(self) -> float:
        """Time for updates as a share of the training time."""
        return _share(self.cost, self.interval)


@dataclass(slots=True)
class _View:
    """Limits and measured cost of a view.

    Attributes:
        fastest: Shortest interval between updates, in seconds.
        slowest: Longest interval, in seconds.
        max_share: Maximum share of the training time.
        cost: Moving average of an update's duration in seconds; None before the first.
        last: Clock time at which the last update began.
        is_watched: Whether the view is visible.
    """

    fastest: float
    slowest: float
    max_share: float
    cost: float | None = None
    last: float = -math.inf
    is_watched: bool = True


class LiveScheduler:
    """Decides which view is updated now; `rates` may be read from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without views; `clock` returns seconds."""
        self._clock = clock
        self._views: dict[str, _View] = {}
        self._rates: Mapping[str, ViewRate] = {}
        self._lock = threading.Lock()
        self.step_seconds = 0.0
        """Time from one step to the next in a run that is slowed down; 0 for any other."""

    @property
    def rates(self) -> Mapping[str, ViewRate]:
        """Cost and interval of each visible view after its first update, by name."""
        return self._rates

    def register(
        self,
        name: str,
        *,
        fastest: float,
        slowest: float = SLOWEST,
        max_share: float = CEILING,
    ) -> None:
        """Add a view, replacing an earlier one of that name.

        Args:
            name: Name of the view.
            fastest: Shortest useful interval between updates, in seconds.
            slowest: Longest interval, in seconds; infinite if only the budget limits it.
            max_share: Maximum share of the training time.
        """
        with self._lock:
            self._views[name] = _View(fastest, slowest, max_share)
            self._share_out()

    def set_watched(self, name: str, *, watched: bool) -> None:
        """Include a view in the budget while it is visible."""
        with self._lock:
            self._views[name].is_watched = watched
            self._share_out()

    def is_due(self, name: str) -> bool:
        """Whether the next update of a view is due."""
        view, rate = self._views[name], self._rates.get(name)
        interval = rate.interval if rate is not None else view.fastest
        idle_seconds = _IDLE_SHARE * self.step_seconds
        if idle_seconds >= max(view.fastest, view.cost or 0.0) and math.isfinite(view.slowest):
            interval = min(interval, idle_seconds)
        return self._clock() - view.last >= interval

    @contextmanager
    def look(self, name: str) -> Iterator[None]:
        """Measure the duration of an update, which is the body of the `with` statement."""
        began = self._clock()
        try:
            yield
        finally:
            self._record(name, began, self._clock() - began)

    def _record(self, name: str, began: float, seconds: float) -> None:
        with self._lock:
            view = self._views[name]
            known = view.cost
            view.last = began
            view.cost = seconds if known is None else _MEMORY * known + (1 - _MEMORY) * seconds
            self._share_out()

    def _share_out(self) -> None:
        """Compute the interval of each view, starting with those that need the least time."""
        views = {
            name: view
            for name, view in self._views.items()
            if view.is_watched and view.cost is not None
        }
        wanted = {
            name: min(_share(view.cost, view.fastest), view.max_share)
            for name, view in views.items()
        }
        budget, ceiling, rates = BUDGET, CEILING, {}
        for index, name in enumerate(sorted(wanted, key=wanted.__getitem__)):
            view, others = views[name], len(wanted) - index
            usual = _interval(view.cost, min(wanted[name], budget / others))
            densest = _interval(view.cost, min(view.max_share, ceiling / others))
            interval = max(min(usual, view.slowest), densest, view.fastest)
            rates[name] = ViewRate(view.cost or 0.0, interval)
            budget = max(budget - rates[name].share, 0.0)
            ceiling = max(ceiling - rates[name].share, 0.0)
        self._rates = rates


def _share(cost: float | None, interval: float) -> float:
    """Return the time for updates as a share of the training time at this interval."""
    return cost / max(interval - cost, 1e-9) if cost else 0.0


def _interval(cost: float | None, share: float) -> float:
    """Return the interval in seconds at which updates take this share of the training time."""
    if not cost:
        return 0.0
    return cost + cost / share if share > 0 else math.inf
