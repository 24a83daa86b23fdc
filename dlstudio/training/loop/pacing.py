"""The time between steps: of extra work, and of steps that are slowed down to be watched."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pacer:
    """Decides when work is due again, from its last duration and the time since the run started.

    The interval grows with the run, so that short runs are recorded densely and long ones do not
    record more than a plot can show.
    """

    def __init__(
        self, share: float, per_run: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Start with work that is due immediately.

        Args:
            share: Maximum share of the time for the work.
            per_run: The interval is at least the age of the run divided by this.
            clock: Returns the time in seconds.
        """
        self._share = share
        self._per_run = per_run
        self._clock = clock
        self._began = clock()
        self._next = -math.inf

    @property
    def is_due(self) -> bool:
        """Whether the work is due."""
        return self._clock() >= self._next

    @contextmanager
    def work(self) -> Iterator[None]:
        """Measure the work in the body of the `with` statement, and schedule the next."""
        began = self._clock()
        try:
            yield
        finally:
            now = self._clock()
            self.schedule(now - began)

    def schedule(self, seconds: float) -> None:
        """Schedule the next work after one that took `seconds`."""
        now = self._clock()
        self._next = now + max(seconds / self._share, (now - self._began) / self._per_run)


class StepTimer:
    """Decides when the next step may start, so that a run can be watched step by step.

    Attributes:
        interval: Seconds from the start of one step to the next at least; 0 never waits.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """Start without an interval; `clock` returns the time in seconds."""
        self._clock = clock
        self._started = -math.inf
        self.interval = 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds until the next step may start."""
        return max(self._started + self.interval - self._clock(), 0.0) if self.interval else 0.0

    def start_step(self) -> None:
        """Record the start of a step; one that is a little late does not delay the next ones."""
        now, due = self._clock(), self._started + self.interval
        self._started = due if 0 <= now - due < self.interval else now
