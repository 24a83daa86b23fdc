from __future__ import annotations

from PySide6.QtCore import QRectF

from dlstudio.gui.canvas.scene.spatial_index import GridIndex


def test_spatial_index_finds_overlapping_rectangles():
    index: GridIndex[str] = GridIndex()
    index.put("near", QRectF(0, 0, 100, 50))
    index.put("far", QRectF(5000, 5000, 100, 50))
    index.put("flat", QRectF(0, 25, 9e5, 0))
    assert set(index.within(QRectF(50, 20, 10, 10))) == {"near", "flat"}
    index.put("near", QRectF(4990, 5000, 20, 50))
    assert set(index.within(QRectF(4900, 4900, 300, 300))) == {"near", "far"}
    index.discard("far")
    assert index.within(QRectF(5050, 5000, 10, 10)) == []
