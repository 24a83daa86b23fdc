"""The network that views show: that of a run between two steps, or one restored from a file."""

from __future__ import annotations

import copy
from dataclasses import replace

from dlstudio.training.loop.observer import RunView


class ObservedNetwork:
    """Holds one network with its data; the observers of a run share it.

    Attributes:
        samples_note: What its samples are, if they are not those of its data.
    """

    def __init__(self, view: RunView | None = None, samples_note: str = "") -> None:
        """Store the network of `view`, or wait for `update`."""
        self._view = view
        self.samples_note = samples_note

    @property
    def view(self) -> RunView | None:
        """The network at its last observation, None before the first."""
        return self._view

    def update(self, view: RunView) -> None:
        """Store the network of a run between two steps; called in the run's thread."""
        self._view = view

    def copy(self, step: int) -> RunView | None:
        """Return a copy for any thread, labelled with `step`; None before `update`."""
        return None if self._view is None else copy_view(self._view, step)


def copy_view(view: RunView, step: int) -> RunView:
    """Return a copy of the networks that is independent of the run."""
    return replace(view, objective=copy.deepcopy(view.objective), step=step)
