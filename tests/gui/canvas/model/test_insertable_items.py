"""Which layers are offered for a port, and in which order a search finds them."""

from __future__ import annotations

import pytest

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.insertable_items import find_item, fits_port, insertable_items
from dlstudio.gui.canvas.overlays.fuzzy import score
from dlstudio.gui.canvas.scene.spatial_index import GridIndex


def test_only_layers_that_fit_a_signal_are_offered():
    image, tokens = Signal((3, 32, 32), meaning="picture"), Signal((12,), "int64", "tokens")
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, image, from_output=True)
    }
    assert {"conv2d", "relu", "flatten"} <= offered
    assert not offered & {"input", "embedding", "conv1d"}
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, tokens, from_output=True)
    }
    assert "embedding" in offered
    assert "conv2d" not in offered
    offered = {
        item.token
        for item in insertable_items(Project())
        if fits_port(item, None, from_output=False)
    }
    assert "input" in offered
    assert "output" not in offered


def test_every_item_is_found_by_its_token():
    assert all(find_item(Project(), item.token) is item for item in insertable_items(Project()))
    assert find_item(Project(), "warp-drive") is None


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("conv2", "Conv2d", "ConvTranspose2d"),
        ("relu", "ReLU", "LeakyReLU"),
        ("cv2", "Conv2d", "ReLU"),
        ("soft", "Softmax", "Sigmoid"),
        ("batch norm", "BatchNorm2d", "LayerNorm"),
    ],
)
def test_the_closer_name_ranks_higher(query, better, worse):
    assert score(query, better) > score(query, worse)


def test_the_spatial_index_finds_overlapping_rectangles():
    from PySide6.QtCore import QRectF

    index: GridIndex[str] = GridIndex()
    index.put("near", QRectF(0, 0, 100, 50))
    index.put("far", QRectF(5000, 5000, 100, 50))
    index.put("flat", QRectF(0, 25, 9e5, 0))
    assert set(index.within(QRectF(50, 20, 10, 10))) == {"near", "flat"}
    index.put("near", QRectF(4990, 5000, 20, 50))
    assert set(index.within(QRectF(4900, 4900, 300, 300))) == {"near", "far"}
    index.discard("far")
    assert index.within(QRectF(5050, 5000, 10, 10)) == []
