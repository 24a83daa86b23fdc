"""The network that views look at, whether a run shows it between two steps or a file brings it."""

from __future__ import annotations

import copy
from dataclasses import replace

from dlstudio.training.loop.observer import RunView


class ObservedNetwork:
    """Holds one network with its data; the observers of a run share it.

    Attributes:
        origin: Where the network comes from, in words; empty for a run's, which a step names.
    """

    def __init__(self, view: RunView | None = None, origin: str = "") -> None:
        """Hold the network of `view`, or wait for a run to show one."""
        self._view = view
        self.origin = origin

    @property
    def view(self) -> RunView | None:
        """The network as it was seen last, None where nothing was seen yet."""
        return self._view

    def update(self, view: RunView) -> None:
        """Take over what a run shows between two steps; called in its thread."""
        self._view = view

    def copy(self, step: int) -> RunView | None:
        """Return a copy for any thread, labelled with `step`; None where nothing was seen yet."""
        return None if self._view is None else copy_view(self._view, step)


def copy_view(view: RunView, step: int) -> RunView:
    """Return a copy of the networks that a run does not change any more."""
    return replace(view, objective=copy.deepcopy(view.objective), step=step)
