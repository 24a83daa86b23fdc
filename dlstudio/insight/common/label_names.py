"""Names of the labels of a multi-label task."""

from __future__ import annotations

from dlstudio.training.loop.observer import RunView


def label_names(view: RunView, count: int) -> tuple[str, ...]:
    """Return the names of the labels, or their indices if the data has no names."""
    return view.target_names or tuple(map(str, range(count)))
