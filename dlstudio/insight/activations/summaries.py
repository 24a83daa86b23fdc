"""Reduces one layer's output to the values that the window draws."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from dlstudio.insight.activations.activation_views import Form, LayerView
from dlstudio.insight.common.array_types import Bytes, Floats, SignedBytes, Thumbnail

BINS = 40
MAX_MAPS = 64
MAX_SIDE = 64
MAX_UNITS = 2048
MAX_ROWS = 256
THUMBNAIL_MAPS = 4
THUMBNAIL_SIDE = 28
THUMBNAIL_BARS = 56
THUMBNAIL_STEPS = 118


def layer_view(output: Tensor) -> LayerView:
    """Return a view of a layer's output (1, …) for one sample."""
    array = output[0].detach().float().cpu().numpy()
    form, values = _to_form(array)
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    counts, edges = np.histogram(finite, bins=BINS, range=(low, high if high > low else low + 1))
    return LayerView(
        form=form,
        values=np.ascontiguousarray(values, np.float32),
        shape=array.shape,
        low=low,
        high=high,
        zeros=float(np.mean(array == 0)) if array.size else 0.0,
        counts=counts.astype(np.int64),
        edges=edges.astype(np.float32),
    )


def make_thumbnail(view: LayerView) -> Thumbnail | None:
    """Return a small image of a layer's output for its card, None if there is nothing to see.

    The first maps become small images (k, h, w) of their positive values, if any. A vector becomes
    a row of values (n,), a sequence an image (h, w) with time to the right.
    """
    if view.form == "sequence":
        return _heatmap(view.values.T)
    if view.form == "vector" and len(view.values) > 1:
        return _peaks(view.values)
    if view.form != "maps" or min(view.values.shape[1:]) < 2:
        return None
    maps = downsample(view.values[:THUMBNAIL_MAPS], THUMBNAIL_SIDE)
    low, high = maps.min((1, 2), keepdims=True), maps.max((1, 2), keepdims=True)
    low = np.where(high > 0, np.maximum(low, 0), low)
    span = high - low
    scaled = np.divide(np.maximum(maps - low, 0), span, out=np.zeros_like(maps), where=span > 0)
    images: Bytes = (255 * np.nan_to_num(scaled)).round().astype(np.uint8)
    return images


def _heatmap(plane: Floats) -> Bytes | None:
    """Return a plane (F, T) downsampled to a card's size and scaled to its range."""
    if plane.size <= 1:
        return None
    means = np.nan_to_num(plane, nan=0, posinf=0, neginf=0).astype(np.float64)
    for axis, limit in enumerate((THUMBNAIL_SIDE, THUMBNAIL_STEPS)):
        size = means.shape[axis]
        starts = np.arange(min(size, limit)) * size // min(size, limit)
        counts = np.expand_dims(np.diff(starts, append=size), 1 - axis)
        means = np.add.reduceat(means, starts, axis=axis) / counts
    low, span = means.min(), np.ptp(means)
    scaled = (means - low) / span if span > 0 else np.zeros_like(means)
    heat: Bytes = (255 * scaled).round().astype(np.uint8)
    return heat


def _peaks(values: Floats) -> SignedBytes:
    """Return the extreme value of each segment, scaled so that the largest magnitude is 127."""
    known = np.nan_to_num(values, nan=0, posinf=0, neginf=0)
    count = min(len(known), THUMBNAIL_BARS)
    starts = np.arange(count) * len(known) // count
    low, high = np.minimum.reduceat(known, starts), np.maximum.reduceat(known, starts)
    peaks = np.where(high >= -low, high, low).astype(np.float64)
    farthest = np.abs(peaks).max()
    row: SignedBytes = np.rint(peaks * (127 / farthest if farthest > 0 else 0)).astype(np.int8)
    return row


def downsample(maps: Floats, side: int) -> Floats:
    """Return maps (K, H, W) of at most `side` pixels, averaged over equal blocks."""
    factor = -(-max(maps.shape[1:]) // side)
    if factor <= 1:
        return maps
    height, width = (size // factor * factor for size in maps.shape[1:])
    if not (height and width):
        return maps[:, :: max(factor, 1), :: max(factor, 1)]
    blocks = maps[:, :height, :width].reshape(
        len(maps), height // factor, factor, width // factor, factor
    )
    result: Floats = blocks.mean((2, 4), dtype=np.float32)
    return result


def _to_form(array: Floats) -> tuple[Form, Floats]:
    if array.ndim <= 1:
        return "vector", array.reshape(-1)[:MAX_UNITS]
    if array.ndim == 2:
        return "sequence", array[:MAX_ROWS, : 2 * MAX_ROWS]
    maps = array.reshape(-1, *array.shape[-2:])
    return "maps", downsample(maps[:MAX_MAPS], MAX_SIDE)
