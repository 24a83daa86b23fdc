from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from tests.gui.canvas.canvas_pointer import LEFT


def test_click_on_the_minimap_moves_the_view(network):
    minimap = network.editor.overlays.minimap
    network.editor.context.camera.pan(QPointF(-900, 0))
    network.editor.context.camera_changed.emit()
    QTest.mouseClick(minimap, LEFT, pos=minimap.rect().center())
    view_centre = network.editor.context.camera.visible(network.editor.context.size).center()
    network_centre = network.editor.context.scene.bounds().center()
    assert (view_centre - network_centre).manhattanLength() < 60


def test_minimap_fades_over_cards(long_chain):
    context, minimap = long_chain.editor.context, long_chain.editor.overlays.minimap
    assert not minimap.is_faded()
    corner = minimap.geometry().center()
    card = context.scene.cards["relu_10"].rect.center()
    context.camera.offset = card - QPointF(corner) / context.camera.scale
    context.camera_changed.emit()
    assert minimap.is_faded()
