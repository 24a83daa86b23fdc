"""The activation views of a run in bounded memory: the longer the run, the larger the spacing."""

from __future__ import annotations

from dlstudio.insight.activations.activation_views import ActivationView

MAX_BYTES = 64 * 2**20
MAX_VIEWS = 400


class ActivationHistory:
    """Views of one sample, in the order of their steps, evenly spread over the run.

    Views whose number is divisible by the stride are kept, and the last one. The stride doubles
    whenever the memory is full.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self.clear()

    def clear(self) -> None:
        self.views: list[ActivationView] = []
        self._numbers: list[int] = []
        self._next = 0
        self._stride = 1
        self._bytes = 0

    def add(self, view: ActivationView) -> None:
        """Add a view; another sample clears the history, an earlier step drops the later ones."""
        if self.views and self.views[-1].choice != view.choice:
            self.clear()
        while self.views and self.views[-1].step >= view.step:
            self._drop_last()
        if self.views and self._numbers[-1] % self._stride:
            self._drop_last()
        self.views.append(view)
        self._numbers.append(self._next)
        self._next += 1
        self._bytes += view.nbytes
        while self._is_full() and len(self.views) > 2:
            self._thin()

    def _is_full(self) -> bool:
        return self._bytes > self._max_bytes or len(self.views) > MAX_VIEWS

    def _drop_last(self) -> None:
        self._bytes -= self.views.pop().nbytes
        self._numbers.pop()

    def _thin(self) -> None:
        self._stride *= 2
        last = self._numbers[-1]
        entries = [
            (number, view)
            for number, view in zip(self._numbers, self.views, strict=True)
            if number % self._stride == 0 or number == last
        ]
        self._numbers = [number for number, _ in entries]
        self.views = [view for _, view in entries]
        self._bytes = sum(view.nbytes for view in self.views)
