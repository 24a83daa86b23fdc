"""The protocol of observers of a run, and the view they receive. Imports no particular observer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.original_cells import OriginalCells
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.training.tasks.core.objective import Objective


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as an observer sees it between two steps.

    Attributes:
        objective: The task and its networks, which are in evaluation mode while observed.
        subsets: Unnormalised samples on the CPU by subset: `train`, and `validation` and `test`
            if they exist.
        step: Completed steps.
        epoch: Current epoch, from 1.
        vocabulary: Meaning of the data's tokens, None if there are none.
        target_names: Names of the values to predict, empty if they have none.
        run_dir: Folder of the run, empty if it has none.
        original: Rows of the table that the samples come from; None for other data.
        columns: Names of the table's columns that are inputs.
        word_columns: Those of them that hold words, not numbers or dates.
        features: Names of the samples' numbers, in order; empty if they have none.
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
    run_dir: str = ""
    original: OriginalCells | None = None
    columns: tuple[str, ...] = ()
    word_columns: frozenset[str] = frozenset()
    features: tuple[str, ...] = ()


class Observer(Protocol):
    """Observes the network between two steps, without any effect on training.

    The loop puts the module into evaluation mode and disables gradients around `observe`, and
    restores both. An observer uses only random generators of its own.
    """

    name: str

    def wants(self, step: int, epoch: int) -> bool:
        """Whether to observe now; called after every step, and at intervals during a pause."""
        ...

    def observe(self, view: RunView) -> Any | None:
        """Return the observation as a frozen, torch-free value, or None for nothing new."""
        ...
