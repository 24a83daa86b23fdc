"""Hands out networks as they stand at one moment, so that slow work can look at them in peace."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.insight.common.observed_network import ObservedNetwork, copy_view
from dlstudio.training.loop.observer import RunView


@dataclass(frozen=True, slots=True)
class SnapshotReady:
    """Says that a copy was taken after `step` steps."""

    step: int


class SnapshotObserver:
    """An observer that copies the networks when it is asked to, and does nothing otherwise."""

    name = "still"

    def __init__(self, network: ObservedNetwork | None = None) -> None:
        """Wait for the first look, which shows that there are networks."""
        self._network = network or ObservedNetwork()
        self._requested = False
        self._copy: RunView | None = None

    def request_copy(self) -> None:
        """Copy the networks at the next occasion; may be called from any thread."""
        self._requested = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether a copy is wanted, or nothing was seen yet."""
        del step, epoch
        return self._requested or self._network.view is None

    def observe(self, view: RunView) -> SnapshotReady | None:
        """Copy the networks if that was asked for."""
        self._network.update(view)
        if not self._requested:
            return None
        self._requested = False
        self._copy = copy_view(view, view.step)
        return SnapshotReady(view.step)

    def after_backward(self, view: RunView) -> None:
        """Ask nothing of gradients."""

    def take_copy(self) -> RunView | None:
        """Return the copy that was asked for, once."""
        snapshot, self._copy = self._copy, None
        return snapshot
