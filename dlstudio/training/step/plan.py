"""The effective training settings at a step: those of the project plus later changes.

Imports neither torch nor any particular change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings, chosen
from dlstudio.training.optim.schedules import EpochSpan


@dataclass(frozen=True, slots=True)
class Plan:
    """The training settings from a step on.

    Attributes:
        training: The settings in force, except for `epochs` and `batch_size`, which later epochs
            may change.
        spans: Consecutive spans of epochs.
        dropout: Probability of each dropout layer by path.
        layers: Paths of all layers that can be frozen, in the network's order.
        frozen: Paths of the layers that are frozen as a whole: their statistics stay fixed, too.
        batch_sizes: Changed batch sizes, in the order of the changes, each with the number of
            epochs before it: an epoch keeps the batch size that it began with.
        frozen_parameters: Names of single frozen parameters of other layers.
    """

    training: TrainingSettings
    spans: tuple[EpochSpan, ...]
    dropout: Mapping[str, float]
    layers: tuple[str, ...]
    frozen: frozenset[str]
    batch_sizes: tuple[tuple[int, int], ...] = ()
    frozen_parameters: frozenset[str] = frozenset()

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """Parameter groups with their rates, schedules and clipping."""
        return self.training.groups

    def with_groups(self, groups: tuple[ParameterGroup, ...]) -> Plan:
        """Return the plan with other parameter groups."""
        return replace(self, training=replace(self.training, groups=groups))

    def batch_size_of(self, epoch: int) -> int:
        """Return the batch size of the epoch after `epoch` completed ones."""
        sizes = [size for first_epoch, size in self.batch_sizes if first_epoch <= epoch]
        return sizes[-1] if sizes else chosen(self.training.batch_size)

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
