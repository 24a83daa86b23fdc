"""Sample axes counted as axes of a tensor."""

from __future__ import annotations


def tensor_axis(axis: int, count: int) -> int:
    """Return the tensor's axis of a sample axis, where a sample has `count` axes.

    Raises:
        IndexError: There is no such axis; the batch is none.
    """
    if not -count <= axis < count:
        raise IndexError(f"a sample with {count} axes has no axis {axis}")
    return axis % count + 1
