"""The cells of a table that a sample comes from, in place of its coded features."""

from __future__ import annotations

from dlstudio.data.core.dataset import Subset
from dlstudio.training.loop.observer import RunView

NamedCells = tuple[tuple[str, str], ...]


def named_cells(view: RunView, subset: Subset, sample: int) -> NamedCells:
    """Return name and cell of each input column of a sample; empty if it is of no table."""
    if view.original is None or subset.source_rows is None:
        return ()
    cells = view.original[int(subset.source_rows[sample])].cells
    names = view.original.names
    wanted = frozenset(view.columns)
    return tuple(pair for pair in zip(names, cells, strict=False) if pair[0] in wanted)
