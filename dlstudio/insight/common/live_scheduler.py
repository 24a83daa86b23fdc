"""Shares out the time that live views may take from training.

All views together get a twentieth of the training time. Each is looked at as often as it is worth,
and more seldom where looks are dear: what one view does not need, the others may use. None is left
without a look for longer than two seconds, though, as long as all together stay below a tenth of
the training time. Knows no torch.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

BUDGET = 0.05
"""Share of the training time that all live views together may take."""
CEILING = 2 * BUDGET
"""Likewise, where some would otherwise not be looked at every two seconds."""
SLOWEST = 2.0
"""Seconds from one look to the next, at most."""
_MEMORY = 0.5
"""How much of what is known of a cost stays after a further look."""


@dataclass(frozen=True, slots=True)
class ViewRate:
    """How a live view is kept up.

    Attributes:
        cost: Seconds that a look takes.
        interval: Seconds from one look to the next.
        share: Share of the training time that this takes.
    """

    cost: float
    interval: float

    @property
    def share(self) -> float:
        """Time for looks as a share of the time for training."""
        return _share(self.cost, self.interval)


@dataclass(slots=True)
class _View:
    """What is known of a view.

    Attributes:
        fastest: Seconds from one look to the next, at least.
        slowest: Likewise, at most.
        max_share: Share of the training time that it takes at most.
        cost: Seconds of a look, of late; None before the first.
        last: When the last look began.
        is_watched: Whether anybody looks.
    """

    fastest: float
    slowest: float
    max_share: float
    cost: float | None = None
    last: float = -math.inf
    is_watched: bool = True


class LiveScheduler:
    """Says which view may look at a run now; any thread may ask for the rates."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know of no view; `clock` gives seconds."""
        self._clock = clock
        self._views: dict[str, _View] = {}
        self._rates: Mapping[str, ViewRate] = {}
        self._lock = threading.Lock()

    @property
    def rates(self) -> Mapping[str, ViewRate]:
        """Cost and interval of each watched view that was looked at, by name."""
        return self._rates

    def register(
        self,
        name: str,
        *,
        fastest: float,
        slowest: float = SLOWEST,
        max_share: float = CEILING,
    ) -> None:
        """Begin with a view, in place of an earlier one of that name.

        Args:
            name: Of the view.
            fastest: Seconds from one look to the next, at least: more often would show no more.
            slowest: Likewise, at most; infinite where the budget alone decides.
            max_share: Share of the training time that it takes at most, where there is enough.
        """
        with self._lock:
            self._views[name] = _View(fastest, slowest, max_share)
            self._share_out()

    def set_watched(self, name: str, *, watched: bool) -> None:
        """Leave a view that nobody looks at out of the budget, or take it in again."""
        with self._lock:
            self._views[name].is_watched = watched
            self._share_out()

    def is_due(self, name: str) -> bool:
        """Whether a view may look now."""
        view, rate = self._views[name], self._rates.get(name)
        interval = rate.interval if rate is not None else view.fastest
        return self._clock() - view.last >= interval

    @contextmanager
    def look(self, name: str) -> Iterator[None]:
        """Measure what a look of a view takes."""
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
        """Give each view its interval: first to those that need least of the budget."""
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
    """Return the time for looks as a share of the time for training at this interval."""
    return cost / max(interval - cost, 1e-9) if cost else 0.0


def _interval(cost: float | None, share: float) -> float:
    """Return the seconds from one look to the next that take this share of the training time."""
    if not cost:
        return 0.0
    return cost + cost / share if share > 0 else math.inf
