"""The speeds of a run that can be chosen to watch it. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed of training.

    Attributes:
        steps: Largest number of steps in a second; 0 does not limit them.
        title: As menus show it.
        short: As the run bar shows it.
    """

    steps: int
    title: str
    short: str

    @property
    def seconds(self) -> float:
        """Shortest time from one step to the next; 0 for as fast as possible."""
        return 1 / self.steps if self.steps else 0.0


FASTEST = "fastest"
SPEEDS: Mapping[str, Speed] = {
    FASTEST: Speed(0, "As fast as possible", "Max"),
    "100": Speed(100, "100 steps a second", "100/s"),
    "30": Speed(30, "30 steps a second", "30/s"),
    "10": Speed(10, "10 steps a second", "10/s"),
    "3": Speed(3, "3 steps a second", "3/s"),
    "1": Speed(1, "One step a second", "1/s"),
}
"""All speeds by name, the fastest first."""
