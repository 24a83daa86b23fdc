"""What the labels of a multi-label task are called."""

from __future__ import annotations

from dlstudio.training.loop.observer import RunView


def label_names(view: RunView, count: int) -> tuple[str, ...]:
    """Return the names of a row's labels, numbers where the data has none."""
    return view.target_names or tuple(map(str, range(count)))
