"""The mark on cards with frozen weights."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.model.model import Project
from dlstudio.design.model.report import Report
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.gui.canvas.paint.card import FROZEN_MARK_OFFSET
from dlstudio.gui.style import theme
from tests.gui.canvas.canvas_pointer import Pointer, chain


@pytest.fixture
def layers() -> Project:
    return chain("input", "linear", "relu", "conv2d", "output")


def with_group(project: Project, *paths: str) -> Project:
    groups = (ParameterGroup("still", Selector(paths=paths), frozen=True), ParameterGroup())
    return edits.set_training(project, replace(project.training, groups=groups))


def frozen_cards(pointer: Pointer) -> set[str]:
    scene = pointer.editor.context.scene
    return {node_id for node_id in scene.cards if scene.content.card(node_id).frozen}


def test_undo_removes_the_mark_of_a_frozen_layer(canvas, layers):
    pointer = canvas(layers)
    pointer.document.try_edit(
        lambda project: edits.set_settings(project, ["linear_1", "relu_2"], {"frozen": True}),
        "Freeze",
    )
    assert frozen_cards(pointer) == {"linear_1"}
    pointer.undo.undo()
    assert frozen_cards(pointer) == set()


def test_frozen_group_marks_its_layers_with_weights(canvas, layers):
    pointer = canvas(layers)
    pointer.document.try_edit(lambda project: with_group(project, "conv2d_3", "relu_2"), "Group")
    pointer.document.set_report(Report())
    assert frozen_cards(pointer) == {"conv2d_3"}


def test_block_is_marked_if_all_its_weights_are_frozen(canvas, layers):
    project, block = group(layers, ["linear_1", "relu_2", "conv2d_3"])
    pointer = canvas(project)
    for layer, marked in (("linear_1", set()), ("conv2d_3", {block})):
        pointer.document.try_edit(
            lambda project, layer=layer: edits.set_settings(
                project, [layer], {"frozen": True}, "block"
            ),
            "Freeze",
        )
        assert frozen_cards(pointer) == marked
    inside = canvas(with_group(project, block))
    assert frozen_cards(inside) == {block}
    inside.document.set_scope("block", (block,))
    assert frozen_cards(inside) == {"linear_1", "conv2d_3"}


def test_block_created_from_a_frozen_group_is_marked(canvas, layers):
    project, block = group(with_group(layers, "linear_1", "conv2d_3"), ["linear_1", "relu_2"])
    assert frozen_cards(canvas(project)) == {block, "conv2d_3"}
    project, block = group(with_group(layers, "linear_1"), ["linear_1", "relu_2", "conv2d_3"])
    assert frozen_cards(canvas(project)) == set()


def test_first_matching_group_determines_the_mark(canvas, layers):
    project = with_group(layers, "conv2d_3")
    first = ParameterGroup("living", Selector(paths=("conv2d_3",)))
    groups = (first, *project.training.groups)
    project = edits.set_training(project, replace(project.training, groups=groups))
    assert frozen_cards(canvas(project)) == set()


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 0.5, 0.3])
def test_mark_is_visible_inside_the_card_pixmap(canvas, layers, theme_name, scale):
    pointer = canvas(edits.set_settings(layers, ["linear_1"], {"frozen": True}))
    theme.apply_theme(theme_name)
    pointer.view.zoom(scale / pointer.editor.context.camera.scale)
    marks = [accent_pixel_count(pointer, node_id) for node_id in ("linear_1", "conv2d_3")]
    assert marks[0] > 8
    assert marks[1] == 0


def accent_pixel_count(pointer: Pointer, node_id: str) -> int:
    """Return the number of pixels near a card's corner whose colour is close to the accent."""
    context = pointer.editor.context
    corner = context.scene.cards[node_id].rect.topLeft() + FROZEN_MARK_OFFSET
    at = context.camera.to_view(QPointF(corner)).toPoint()
    screenshot: QImage = pointer.view.grab(QRect(at.x() - 8, at.y() - 8, 16, 16)).toImage()
    accent = theme.current_theme().colour("accent")
    count = 0
    for x in range(screenshot.width()):
        for y in range(screenshot.height()):
            pixel = screenshot.pixelColor(x, y)
            differences = [
                abs(pixel.red() - accent.red()),
                abs(pixel.green() - accent.green()),
                abs(pixel.blue() - accent.blue()),
            ]
            count += max(differences) < 60
    return count


def test_frozen_layer_has_a_tool_tip_and_is_named_in_the_summary(canvas, layers):
    pointer = canvas(edits.set_settings(layers, ["linear_1"], {"frozen": True}))
    assert "Linear 64, frozen, from Input" in pointer.editor.text_summary()
    pointer.view.zoom(1.0 / pointer.editor.context.camera.scale)
    pointer.move_to(pointer.centre("linear_1"))
    assert pointer.view.toolTip() == "Frozen: training does not change its weights."
    pointer.move_to(pointer.centre("relu_2"))
    assert not pointer.view.toolTip()
