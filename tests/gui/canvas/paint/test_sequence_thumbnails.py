"""Thumbnails of outputs over time."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect

from dlstudio.gui.canvas.scene.thumbnails import GAP, MAX_IMAGES, SIDE
from dlstudio.gui.style import theme


@pytest.mark.parametrize("name", ["dark", "light"])
def test_sequence_heat_map_is_as_wide_as_the_thumbnail_row(network, name):
    theme.apply_theme(name)
    scale = 1.5
    network.view.zoom(scale / network.editor.context.camera.scale)
    heat_map = np.zeros((4, 12), dtype=np.uint8)
    heat_map[:, -3:] = 255
    network.editor.set_thumbnails({"relu_1": heat_map})
    rect = network.editor.context.scene.cards["relu_1"].rect
    card = QRect(network.at(rect.topLeft().toTuple()), network.at(rect.bottomRight().toTuple()))
    screenshot = network.view.grab(card).toImage()
    bright = [
        x
        for x in range(screenshot.width())
        for y in range(screenshot.height())
        if screenshot.pixelColor(x, y).name() == "#fcfdbf"
    ]
    row = (MAX_IMAGES * (SIDE + GAP) - GAP) * scale
    assert max(bright) - min(bright) == pytest.approx(row / 4, abs=3)
