"""Selects samples for views: raw and normalised."""

from __future__ import annotations

from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import Subset
from dlstudio.training.loop.observer import RunView

_ORDER = ("test", "validation", "train")


def preferred_subset(view: RunView) -> Subset | None:
    """Return the subset to show samples of: test, else validation, else training."""
    return next((view.subsets[name] for name in _ORDER if name in view.subsets), None)


def normalised_batch(view: RunView, subset: Subset, rows: Tensor) -> tuple[Batch, Tensor]:
    """Return normalised samples of a subset, and their row indices."""
    inputs = {
        role: view.normaliser.apply(role, raw[rows]).to(view.device)
        for role, raw in subset.inputs.items()
    }
    target = None if subset.target is None else subset.target[rows].to(view.device)
    return Batch(inputs, target), rows
