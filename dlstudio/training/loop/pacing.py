"""Spaces out work that goes on beside training, so that it takes a small share of the time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pacer:
    """Says when work is due again, from what it took the last time and the age of the run.

    The interval grows with the run: a short one is recorded densely, and a long one does not
    record more than anybody looks at.
    """

    def __init__(
        self, share: float, per_run: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Begin with work that is due at once.

        Args:
            share: Share of the time that the work may take.
            per_run: The interval is at least the age of the run divided by this.
            clock: Gives seconds.
        """
        self._share = share
        self._per_run = per_run
        self._clock = clock
        self._began = clock()
        self._next = -math.inf

    @property
    def is_due(self) -> bool:
        """Whether the work may be done now."""
        return self._clock() >= self._next

    @contextmanager
    def work(self) -> Iterator[None]:
        """Measure the work within the context, and space it out from the next time."""
        began = self._clock()
        try:
            yield
        finally:
            now = self._clock()
            self.schedule(now - began)

    def schedule(self, seconds: float) -> None:
        """Set when work is due again after it took so many seconds."""
        now = self._clock()
        self._next = now + max(seconds / self._share, (now - self._began) / self._per_run)
