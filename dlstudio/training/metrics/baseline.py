"""What can be reached without learning, so that a result can be judged."""

from __future__ import annotations

import torch

from dlstudio.data.core.dataset import IGNORE_INDEX, Subset
from dlstudio.training.specs.registry import TASKS

_CLASS_TARGETS = frozenset({"class", "mask"})


def guess_accuracy(task: str, subset: Subset) -> float | None:
    """Return the accuracy of always predicting the most common class.

    None if the task does not predict classes, or the samples have none.
    """
    target = subset.target
    spec = TASKS.get(task)
    if spec is None or spec.target not in _CLASS_TARGETS or target is None:
        return None
    if target.is_floating_point():
        return None
    classes = target[target != IGNORE_INDEX].long()
    return float(torch.bincount(classes).max()) / len(classes) if len(classes) else None
