"""Who may watch a run from inside, and what is shown to them. Knows no particular view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.training.tasks.core.objective import Objective


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as an observer sees it between two steps.

    Attributes:
        objective: The task and its networks, which are in evaluation mode while observed.
        subsets: Samples by part: `train`, and `validation` and `test` where there are such;
            unnormalised, on the CPU.
        step: Steps done so far.
        epoch: Epoch under way, from 1.
        vocabulary: What the data's tokens stand for, None where there are none.
        target_names: Names of the values to predict, empty where they have none.
    """

    objective: Objective
    subsets: Mapping[str, Subset]
    normaliser: Normaliser
    facts: DatasetInfo
    device: torch.device
    step: int
    epoch: int
    vocabulary: Vocabulary | None = None
    target_names: tuple[str, ...] = ()


class Observer(Protocol):
    """Looks at the network between two steps and never changes what it learns.

    The loop puts the module into evaluation mode and switches gradients off around `observe`, and
    restores both. An observer draws from generators of its own only.
    """

    name: str

    def wants(self, step: int, epoch: int) -> bool:
        """Whether to look now; asked after every step, and several times a second in a pause."""
        ...

    def observe(self, view: RunView) -> Any | None:
        """Return what was seen as a frozen, torch-free value, or None for nothing new."""
        ...

    def after_backward(self, view: RunView) -> Any | None:
        """Return what the gradients tell; called before the optimiser's step where wanted.

        The module stays in training mode; nothing may be run forward here.
        """
        return None
