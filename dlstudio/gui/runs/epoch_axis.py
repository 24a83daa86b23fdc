"""Maps the steps of a run to epochs, also where the number of steps in an epoch has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the first paint must not need it
    import numpy as np
    import numpy.typing as npt


class LengthChange(NamedTuple):
    """Where epochs became longer or shorter: completed steps and epochs, and the steps before."""

    step: int
    epoch: int
    length: int


@dataclass(frozen=True, slots=True)
class EpochAxis:
    """The scale of a run.

    Attributes:
        length: Steps in an epoch, at least 1; after the last change.
        changes: Where it has changed, in order.
    """

    length: int = 1
    changes: tuple[LengthChange, ...] = ()

    def epochs_at(self, steps: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the epochs completed after some numbers of steps."""
        import numpy as np

        positions = np.asarray(steps, np.float64)
        starts = np.array([(0, 0), *((change.step, change.epoch) for change in self.changes)])
        lengths = np.array([*(change.length for change in self.changes), self.length])
        index = np.searchsorted(starts[1:, 0], positions, side="left")
        result: npt.NDArray[np.float64] = starts[index, 1] + (
            (positions - starts[index, 0]) / lengths[index]
        )
        return result

    def step_at(self, epoch: float) -> float:
        """Return the number of steps after which a number of epochs is completed."""
        step = before = 0
        for change in self.changes:
            if epoch <= change.epoch:
                return step + (epoch - before) * change.length
            step, before = change.step, change.epoch
        return step + (epoch - before) * self.length

    def with_length(self, step: int, epoch: int, length: int) -> EpochAxis:
        """Return the scale with another number of steps in an epoch from a point on."""
        kept = tuple(change for change in self.changes if change.step < step)
        before = self.length if len(kept) == len(self.changes) else self.changes[len(kept)].length
        if length == before or step <= 0:
            return EpochAxis(length, kept if step > 0 else ())
        return EpochAxis(length, (*kept, LengthChange(step, epoch, before)))


def axis_of(epoch_ends: Mapping[int, int], starts: Mapping[int, int]) -> EpochAxis:
    """Return the scale of a recorded run.

    Args:
        epoch_ends: By completed steps, the number of each completed epoch, in order.
        starts: By completed steps at each start, the steps in an epoch from then on.
    """
    axis = EpochAxis(max(starts.get(0, 0), 1))
    if 0 not in starts and epoch_ends:
        axis = EpochAxis(max(next(iter(epoch_ends)), 1))
    borders = [(0, 0), *epoch_ends.items()]
    last = borders[-1][0]
    for (step, epoch), (end, number) in pairwise(borders):
        if step in starts:
            axis = axis.with_length(step, epoch, max(starts[step], 1))
        is_complete = number == epoch + 1 and end != last
        if is_complete and end - step != axis.length:
            axis = axis.with_length(step, epoch, end - step)
    if last and last in starts:
        axis = axis.with_length(last, borders[-1][1], max(starts[last], 1))
    return axis
