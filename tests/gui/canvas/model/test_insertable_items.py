"""The layers offered for a port."""

from __future__ import annotations

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.insertable_items import find_item, fits_port, insertable_items


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


def test_find_item_returns_every_item_by_its_token():
    assert all(find_item(Project(), item.token) is item for item in insertable_items(Project()))
    assert find_item(Project(), "warp-drive") is None
