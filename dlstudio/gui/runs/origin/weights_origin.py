"""In words: which weights a network has."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.storage.weights_record import WeightsRecord


@dataclass(frozen=True, slots=True)
class WeightsOrigin:
    """Which weights the shown network has.

    Attributes:
        state: `untrained`, `epoch 12 (best validation loss)`, `training, epoch 5`, `loaded from …`.
        is_outdated: Whether the design's network was changed since; its views show the old one.
    """

    state: str
    is_outdated: bool = False

    @property
    def text(self) -> str:
        """The weights of the design."""
        return "untrained: the network has changed since" if self.is_outdated else self.state

    @property
    def result_text(self) -> str:
        """The weights with which results were computed, which views show."""
        return f"{self.state}, before the network changed" if self.is_outdated else self.state


UNTRAINED = WeightsOrigin("untrained")


def live_origin(epoch: int) -> WeightsOrigin:
    """Return the origin during an epoch of an active run."""
    return WeightsOrigin(f"training, epoch {epoch}")


def failed_origin(epoch: int) -> WeightsOrigin:
    """Return the origin after a run that failed during an epoch."""
    return WeightsOrigin(f"epoch {epoch} (the run failed)")


def stored_text(record: WeightsRecord | None, name: str) -> str:
    """Return the origin of the weights in a file of this name as text."""
    if record is None or record.imported_from:
        return f"loaded from {record.imported_from if record else name}"
    if record.best_of:
        return f"epoch {record.epoch} (best {metric_title(record.best_of)})"
    if record.step_in_epoch:
        return f"stopped in epoch {record.epoch + 1}"
    return f"epoch {record.epoch} (last)"
