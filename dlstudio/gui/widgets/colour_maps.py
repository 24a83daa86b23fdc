"""Perceptual colour maps: magma for values of one sign, a diverging map around zero."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from dlstudio.insight.activations.activation_views import LayerView
from dlstudio.insight.common.array_types import Floats

_MAGMA, _COOL = "magma", "CET-L6"
_SIZE = 256
_DISTINCT_SHARE = 0.985
"""Quantile of the absolute values that sets the colour range."""
_DIM = 0.5
"""Factor that darkens negative values, so that positive activations stand out."""


def colour_range(layer: LayerView) -> tuple[float, float]:
    """Return the colour range (low, high) for a layer's output.

    The few largest values share the last colour; otherwise most of an image would be dark.
    """
    finite = layer.values[np.isfinite(layer.values)]
    reach = max(float(np.quantile(np.abs(finite), _DISTINCT_SHARE)) if finite.size else 0.0, 1e-12)
    return (-reach, reach) if layer.low < 0 else (0.0, reach)


def to_image(plane: Floats, low: float, high: float) -> QImage:
    """Return a plane (H, W) as an image; `low` < 0 selects the diverging map."""
    signed = low < 0
    scaled = (plane - low) / max(high - low, 1e-12)
    levels = np.nan_to_num(scaled * (_SIZE - 1)).clip(0, _SIZE - 1).astype(np.uint8)
    return to_indexed_image(levels, colour_table(signed=signed))


def to_indexed_image(indices: npt.NDArray[np.uint8], colours: Sequence[int]) -> QImage:
    """Return indices (H, W) into a table of RGB colours as an image."""
    flat = np.ascontiguousarray(indices)
    height, width = flat.shape
    image = QImage(flat.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colours)
    return image


def colour_bar_image(layer: LayerView) -> QImage:
    """Return a strip with the colours of a layer's values, smallest to largest."""
    strip = np.linspace(layer.low, layer.high, _SIZE, dtype=np.float32).reshape(1, -1)
    return to_image(strip, *colour_range(layer))


@cache
def colour_table(*, signed: bool) -> list[int]:
    """Return 256 colours: magma, or black for zero between blue (below) and magma (above)."""
    rows = _rows(_MAGMA, _SIZE)
    if signed:
        below = (_rows(_COOL, _SIZE // 2)[::-1, :3] * _DIM).astype(np.uint8)
        rows = np.concatenate([below, _rows(_MAGMA, _SIZE // 2)[:, :3]])
    return [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b, *_ in rows]


def _rows(name: str, count: int) -> npt.NDArray[np.uint8]:
    import pyqtgraph

    table: npt.NDArray[np.uint8] = pyqtgraph.colormap.get(name).getLookupTable(nPts=count)
    return table
