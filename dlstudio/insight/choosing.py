"""Takes samples out of the data for a look: raw ones and as the network sees them."""

from __future__ import annotations

from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.parts import Part
from dlstudio.training.observer import RunView

_ORDER = ("test", "validation", "train")


def part_of(view: RunView) -> Part | None:
    """Return the part that looks are taken at: the one furthest from what was learnt."""
    return next((view.parts[name] for name in _ORDER if name in view.parts), None)


def given_rows(view: RunView, part: Part, rows: Tensor) -> tuple[Batch, Tensor]:
    """Return samples of a part as the network sees them, and which they are."""
    inputs = {
        role: view.normaliser.apply(role, raw[rows]).to(view.device)
        for role, raw in part.inputs.items()
    }
    target = None if part.target is None else part.target[rows].to(view.device)
    return Batch(inputs, target), rows
