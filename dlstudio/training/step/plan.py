"""The effective training settings at a step: those of the project plus later changes.

Imports neither torch nor any particular change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.design.model.training_settings import ParameterGroup
from dlstudio.training.optim.schedules import EpochSpan


@dataclass(frozen=True, slots=True)
class Plan:
    """The training settings from a step on.

    Attributes:
        groups: Parameter groups with their rates and clipping.
        spans: Consecutive spans of epochs.
        dropout: Probability of each dropout layer by path.
        layers: Paths of all layers that can be frozen, in the network's order.
        frozen: Paths of the frozen layers.
    """

    groups: tuple[ParameterGroup, ...]
    spans: tuple[EpochSpan, ...]
    dropout: Mapping[str, float]
    layers: tuple[str, ...]
    frozen: frozenset[str]

    @property
    def epochs(self) -> int:
        """Total epochs of the run."""
        return self.spans[-1].end_epoch

    def span_of(self, epoch: int) -> EpochSpan:
        """Return the span that contains the epoch after `epoch` completed ones."""
        return next((span for span in self.spans if epoch < span.end_epoch), self.spans[-1])


@dataclass(frozen=True, slots=True)
class RunPosition:
    """Completed epochs and steps of the current epoch when a change is made."""

    epoch: int
    index: int


def truncate_spans(plan: Plan, end: int) -> tuple[EpochSpan, ...]:
    """Return the spans up to an epoch, the last one truncated to end there."""
    return tuple(
        EpochSpan(span.first_epoch, min(span.end_epoch, end) - span.first_epoch)
        for span in plan.spans
        if span.first_epoch < end
    )


def is_within(name: str, path: str) -> bool:
    """Whether a dotted name is the path itself or something inside it."""
    return name == path or name.startswith(f"{path}.")
