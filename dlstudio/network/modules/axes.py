"""Converts axes of a sample to axes of a batched tensor."""

from __future__ import annotations


def tensor_axis(axis: int, count: int) -> int:
    """Return the tensor axis of a sample axis, for samples with `count` axes.

    Raises:
        IndexError: There is no such axis, or it is the batch axis.
    """
    if not -count <= axis < count:
        raise IndexError(f"a sample with {count} axes has no axis {axis}")
    return axis % count + 1
