"""Cards and wires are painted at every zoom level."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from dlstudio.gui.style import theme


@pytest.mark.parametrize("scale", [0.1, 0.4, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_zoom_level_is_painted_in_both_themes(broken_network, scale, name):
    theme.apply_theme(name)
    broken_network.editor.set_thumbnails({"input_0": np.full((6, 8, 8), 200, dtype=np.uint8)})
    broken_network.editor.toggle_wire_shapes()
    broken_network.document.set_selection({"tanh_2", "note:note_1"})
    broken_network.view.zoom(scale / broken_network.editor.context.camera.scale)
    screenshot = broken_network.editor.grab().toImage()
    card = broken_network.editor.context.scene.cards["tanh_2"].rect.center()
    point = broken_network.view.mapTo(broken_network.editor, broken_network.at(card.toTuple()))
    canvas = theme.current_theme().colour("canvas")
    assert screenshot.pixelColor(point) != canvas
    assert _contains_colour(screenshot, theme.current_theme().colour("error"))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_vector_is_painted_as_bars_when_zoomed_out(network, name):
    theme.apply_theme(name)
    network.view.zoom(0.51 / network.editor.context.camera.scale)
    row = np.array([127] * 6 + [-127] * 6, dtype=np.int8)
    network.editor.set_thumbnails({"relu_1": row})
    rect = network.editor.context.scene.cards["relu_1"].rect
    card = QRect(network.at(rect.topLeft().toTuple()), network.at(rect.bottomRight().toTuple()))
    up, down = theme.current_theme().colour("accent"), QColor(theme.current_theme().curves[1])
    screenshot = network.view.grab(card).toImage()
    assert _contains_colour(screenshot, up)
    assert _contains_colour(screenshot, down)
    network.editor.set_live_view("off")
    assert not _contains_colour(network.view.grab(card).toImage(), down)


def _contains_colour(image: QImage, colour) -> bool:
    small = QImage(image.size(), QImage.Format.Format_RGB32)
    painter = QPainter(small)
    painter.drawImage(0, 0, image)
    painter.end()
    bits = np.frombuffer(small.constBits(), dtype=np.uint32) & 0xFFFFFF
    return bool((bits == (colour.rgb() & 0xFFFFFF)).any())
