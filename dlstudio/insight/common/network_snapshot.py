"""Copies networks at one step, so that slow analyses can use them while training continues."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.insight.common.observed_network import ObservedNetwork, copy_view
from dlstudio.training.loop.observer import RunView


@dataclass(frozen=True, slots=True)
class SnapshotReady:
    """Reports that a copy was made after `step` steps."""

    step: int


class SnapshotObserver:
    """An observer that copies the networks on request."""

    name = "still"

    def __init__(self, network: ObservedNetwork | None = None) -> None:
        """Request the first observation, which supplies the network."""
        self._network = network or ObservedNetwork()
        self._requested = False
        self._copy: RunView | None = None

    def request_copy(self) -> None:
        """Request a copy at the next step; may be called from any thread."""
        self._requested = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether a copy is requested, or no network was observed yet."""
        del step, epoch
        return self._requested or self._network.view is None

    def observe(self, view: RunView) -> SnapshotReady | None:
        """Copy the networks if requested."""
        self._network.update(view)
        if not self._requested:
            return None
        self._requested = False
        self._copy = copy_view(view, view.step)
        return SnapshotReady(view.step)

    def take_copy(self) -> RunView | None:
        """Return the requested copy and forget it; None if there is none."""
        snapshot, self._copy = self._copy, None
        return snapshot
