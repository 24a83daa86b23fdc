"""The looks at a run so far, in bounded memory: the longer the run, the wider they are apart."""

from __future__ import annotations

from dlstudio.insight.views import ActivationView, SampleChoice

MOST_BYTES = 64 * 2**20
MOST_VIEWS = 400


class Snapshots:
    """Views of one sample, in the order of their steps."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Start empty."""
        self._most_bytes = most_bytes
        self._bytes = 0
        self.views: list[ActivationView] = []

    def clear(self) -> None:
        """Forget everything."""
        self.views.clear()
        self._bytes = 0

    def add(self, view: ActivationView) -> None:
        """Keep a view; one of another sample begins anew, one of an earlier step goes back."""
        if self.views and self.views[-1].choice != view.choice:
            self.clear()
        while self.views and self.views[-1].step >= view.step:
            self._bytes -= self.views.pop().nbytes
        self.views.append(view)
        self._bytes += view.nbytes
        while self._is_full() and len(self.views) > 2:
            self._thin()

    @property
    def choice(self) -> SampleChoice | None:
        """The sample that is kept; None where there is nothing."""
        return self.views[-1].choice if self.views else None

    def nearest(self, step: int) -> int:
        """Return the place of the view nearest to a step; −1 where there is none."""
        places = range(len(self.views))
        return min(places, key=lambda at: abs(self.views[at].step - step), default=-1)

    def _is_full(self) -> bool:
        return self._bytes > self._most_bytes or len(self.views) > MOST_VIEWS

    def _thin(self) -> None:
        """Drop every second view, never the last one."""
        self.views = self.views[:-1][::2] + self.views[-1:]
        self._bytes = sum(view.nbytes for view in self.views)
