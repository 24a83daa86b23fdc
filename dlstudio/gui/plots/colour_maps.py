"""Perceptual colour maps: magma from least to largest, a diverging one around zero."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from dlstudio.insight.views import Floats

_MAGMA, _COOL = "magma", "CET-L6"
_SIZE = 256


def image_of(plane: Floats, low: float, high: float) -> QImage:
    """Return a plane (H, W) as a picture; values below zero bring the diverging map."""
    signed = low < 0
    if signed:
        reach = max(-low, high, 1e-12)
        low, high = -reach, reach
    span = high - low
    scaled = (plane - low) / span if span > 0 else np.zeros_like(plane)
    levels = np.nan_to_num(scaled * (_SIZE - 1)).clip(0, _SIZE - 1).astype(np.uint8)
    flat = np.ascontiguousarray(levels)
    height, width = flat.shape
    image = QImage(flat.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_table(signed=signed))
    return image


def scale_image(*, signed: bool) -> QImage:
    """Return a strip that shows the map from its least to its largest colour."""
    strip = np.arange(_SIZE, dtype=np.uint8).reshape(1, -1)
    image = QImage(strip.data, _SIZE, 1, _SIZE, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_table(signed=signed))
    return image


@cache
def _table(*, signed: bool) -> list[int]:
    """Return 256 colours: magma, or black for zero between blue (below) and magma (above)."""
    rows = _rows(_MAGMA, _SIZE)
    if signed:
        rows = np.concatenate([_rows(_COOL, _SIZE // 2)[::-1], _rows(_MAGMA, _SIZE // 2)])
    return [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b, *_ in rows]


def _rows(name: str, count: int) -> npt.NDArray[np.uint8]:
    import pyqtgraph

    found: npt.NDArray[np.uint8] = pyqtgraph.colormap.get(name).getLookupTable(nPts=count)
    return found
