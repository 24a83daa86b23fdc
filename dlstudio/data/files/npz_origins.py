"""Constants to subtract from arrays that 32-bit numbers do not keep apart. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlstudio.data.files.column_encoders import find_origin
from dlstudio.data.files.npz_arrays import Array

_MAX_LISTED = 5
_LIMIT = 2.0**62


def subtract_origins(arrays: Sequence[Array], name: str) -> tuple[list[Array], list[str]]:
    """Return the arrays without what float32 would lose, and a line on each changed column.

    Args:
        arrays: Samples (N, C, …) of each subset, the training subset first.
        name: Their name, for messages.
    """
    origins = dict(_find_origins(arrays[0]))
    if not origins or any(array.shape[1:] != arrays[0].shape[1:] for array in arrays):
        return list(arrays), []
    offsets = np.zeros(arrays[0].shape[1], np.int64)
    offsets[list(origins)] = list(origins.values())
    offsets = offsets.reshape(-1, *[1] * (arrays[0].ndim - 2))
    wide = [array.astype(np.int64) if array.dtype == np.uint64 else array for array in arrays]
    return [array - offsets for array in wide], _messages(origins, name)


def has_close_values(array: Array) -> bool:
    """Whether float32 merges values (N,) or (N, C) that lie close together, far from zero."""
    columns = array.reshape(len(array), -1)
    return any(True for _ in _find_origins(columns))


def _find_origins(array: Array) -> Iterator[tuple[int, int]]:
    """Yield the index of each column or channel that needs one, and its whole number."""
    is_wide = array.dtype.kind in "iuf" and array.dtype.itemsize >= 4
    if array.ndim < 2 or not is_wide or array.dtype == np.float32:
        return
    if array.dtype.kind == "f":
        array = array[np.isfinite(array).reshape(len(array), -1).all(1)]
    if not len(array):
        return
    axes = (0, *range(2, array.ndim))
    low, high = array.min(axes).astype(np.float64), array.max(axes).astype(np.float64)
    far = (high > low) & (np.abs(low) >= high - low)
    far &= np.maximum(np.abs(low), np.abs(high)) < _LIMIT
    for column in np.flatnonzero(far):
        values = array[:, column].ravel()
        origin = find_origin(values)
        if origin:
            yield int(column), int(origin)


def _messages(origins: dict[int, int], name: str) -> list[str]:
    lines = [
        f"Column {column} of {name}: its values minus {origin} are used, because 32-bit numbers "
        "do not tell them apart"
        for column, origin in list(origins.items())[:_MAX_LISTED]
    ]
    if len(origins) > _MAX_LISTED:
        lines.append(f"A number is subtracted from {len(origins)} columns of {name} in all")
    return lines
