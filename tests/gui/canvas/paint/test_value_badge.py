"""The numbers of a view as badges on the cards."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPointF, QRect

from dlstudio.gui.canvas.paint.canvas_style import current_style, luminance
from dlstudio.gui.style import theme
from dlstudio.insight.views.values import CardOverlay
from tests.gui.canvas.canvas_pointer import Pointer

NORMS = CardOverlay({"relu_1": 1.0, "tanh_2": 4.0}, unit="ms", title="Time")


def show_at(pointer: Pointer, scale: float) -> None:
    pointer.view.zoom(scale / pointer.editor.context.camera.scale)
    pointer.editor.context.reveal("tanh_2")


def edge_colours(pointer: Pointer, node_id: str) -> set[str]:
    """Return the colours below the lower edge of a card."""
    context = pointer.editor.context
    rect = context.scene.cards[node_id].rect
    corner = context.camera.to_view(QPointF(rect.left(), rect.bottom() + 2)).toPoint()
    size = int(rect.width() * context.camera.scale), max(int(6 * context.camera.scale), 1)
    image = pointer.view.grab(QRect(corner.x(), corner.y(), *size)).toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize("theme_name", ["dark", "light"])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_badge_has_the_colour_of_its_value(network, theme_name, scale):
    theme.apply_theme(theme_name)
    show_at(network, scale)
    fill = current_style().value_colour(1.0).name()
    assert fill not in edge_colours(network, "tanh_2")
    network.editor.show_card_values("times", NORMS)
    assert fill in edge_colours(network, "tanh_2")
    assert fill not in edge_colours(network, "relu_1")
    network.editor.show_card_values("times", None)
    assert fill not in edge_colours(network, "tanh_2")


@pytest.mark.parametrize(("scale", "visible"), [(0.35, True), (0.25, False)])
def test_far_zoom_leaves_badges_out(network, scale, visible):
    show_at(network, scale)
    before = network.view.grab().toImage()
    network.editor.show_card_values("times", NORMS)
    assert (network.view.grab().toImage() != before) is visible


def test_numbers_do_not_change_the_document(network):
    project, rects = (
        network.project,
        [card.rect for card in network.editor.context.scene.cards.values()],
    )
    network.editor.show_card_values("times", NORMS)
    assert network.project is project
    assert [card.rect for card in network.editor.context.scene.cards.values()] == rects


def test_tool_tip_and_summary_name_the_number(network):
    network.editor.show_card_values("times", NORMS)
    show_at(network, 1.0)
    network.move_to(network.centre("tanh_2"))
    assert network.view.toolTip() == "Time: 4 ms"
    assert "Tanh, Time: 4 ms" in network.editor.text_summary()
    network.move_to(network.centre("input_0"))
    assert not network.view.toolTip()


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_number_is_legible_on_every_colour(theme_name, network):
    theme.apply_theme(theme_name)
    style = current_style()
    for share in (-1.0, -0.6, -0.3, 0.0, 0.3, 0.5, 0.7, 1.0, math.nan):
        fill = style.value_colour(share)
        assert abs(luminance(style.text_colour_on(fill)) - luminance(fill)) > 0.3
