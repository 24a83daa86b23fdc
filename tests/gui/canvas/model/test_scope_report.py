"""The check report as shown by cards, wires and the problem popup."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.card_content import short_number
from dlstudio.gui.style import theme
from tests.gui.canvas.canvas_pointer import LEFT


def broken_report() -> Report:
    fix = Repair("Take the layer out", "remove", {"scope": "", "node": "relu_1"})
    problem = Problem(
        Severity.ERROR,
        "relu_1",
        "test",
        "Because of this.",
        "ReLU cannot do that",
        repairs=(fix,),
        details="torch says no",
        edge="input_0.output>relu_1.input#0",
    )
    signal = Signal((16, 28, 28))
    return Report(
        {
            "input_0": NodeReport("input_0", "input", {}, {"output": signal}, Cost(4672)),
            "tanh_2": NodeReport("tanh_2", "tanh", blocked_by="relu_1"),
        },
        (problem,),
    )


@pytest.fixture
def broken(network):
    network.document.set_report(broken_report())
    return network


def test_the_popup_shows_the_problem_and_fixes_it(broken):
    popup = broken.editor.overlays.problem_popup
    assert popup.isHidden()
    broken.click(broken.centre("relu_1"))
    assert popup.isVisible()
    fix_button = next(
        button
        for button in popup.findChildren(QPushButton)
        if button.text() == "Take the layer out"
    )
    QTest.mouseClick(fix_button, LEFT)
    assert "relu_1" not in broken.graph.nodes
    assert ("input_0", "tanh_2") in broken.wires
    assert popup.isHidden()
    broken.undo.undo()
    assert "relu_1" in broken.graph.nodes


def test_details_expand_the_torch_message(broken, qtbot):
    broken.click(broken.centre("relu_1"))
    details_button = next(
        button
        for button in broken.editor.overlays.problem_popup.findChildren(QPushButton)
        if button.text() == "Details"
    )
    height = broken.editor.overlays.problem_popup.height()
    with qtbot.waitSignal(broken.editor.problem_details_requested) as details_requested:
        QTest.mouseClick(details_button, LEFT)
    assert details_requested.args == ["relu_1"]
    assert broken.editor.overlays.problem_popup.height() > height


def test_a_fix_is_chosen_with_the_keyboard(broken):
    popup = broken.editor.overlays.problem_popup
    broken.editor.focus_fixes()
    assert popup.isVisible()
    fix_button = QApplication.focusWidget()
    assert isinstance(fix_button, QPushButton)
    assert fix_button.text() == "Take the layer out"
    QTest.keyClick(fix_button, Qt.Key.Key_Escape)
    assert popup.isHidden()
    assert broken.view.hasFocus()
    broken.editor.select_none()
    broken.editor.focus_fixes()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert "relu_1" not in broken.graph.nodes
    assert broken.view.hasFocus()


def test_the_popup_follows_the_pointer(broken, qtbot):
    broken.move_to(broken.centre("relu_1"))
    qtbot.waitUntil(broken.editor.overlays.problem_popup.isVisible, timeout=2000)
    broken.move_to((500, 300))
    qtbot.waitUntil(broken.editor.overlays.problem_popup.isHidden, timeout=2000)


@pytest.mark.parametrize("scale", [0.1, 0.4, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_zoom_level_is_painted_in_both_themes(broken, scale, name):
    theme.apply_theme(name)
    broken.editor.set_thumbnails({"input_0": np.full((6, 8, 8), 200, dtype=np.uint8)})
    broken.editor.toggle_wire_shapes()
    broken.document.set_selection({"tanh_2", "note:note_1"})
    broken.view.zoom(scale / broken.editor.context.camera.scale)
    screenshot = broken.editor.grab().toImage()
    card = broken.editor.context.scene.cards["tanh_2"].rect.center()
    point = broken.view.mapTo(broken.editor, broken.at(card.toTuple()))
    canvas = theme.current_theme().colour("canvas")
    assert screenshot.pixelColor(point) != canvas
    assert _contains_colour(screenshot, theme.current_theme().colour("error"))


def test_thumbnails_enlarge_the_card_until_hidden(network):
    scene = network.editor.context.scene
    rect_before = scene.cards["relu_1"].rect
    maps = np.zeros((3, 5, 7), dtype=np.uint8)
    network.editor.set_thumbnails({"relu_1": maps})
    assert scene.cards["relu_1"].rect.height() > rect_before.height()
    assert scene.cards["relu_1"].rect.center() == rect_before.center()
    assert network.port("relu_1")[1] == network.port("tanh_2")[1]
    network.editor.set_live_view("off")
    assert scene.cards["relu_1"].rect == rect_before
    network.editor.set_thumbnails({"relu_1": maps})
    assert scene.cards["relu_1"].rect == rect_before
    network.editor.set_live_view("activations")
    assert scene.cards["relu_1"].rect.height() > rect_before.height()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_vector_is_painted_as_bars_when_zoomed_out(network, name):
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


def test_a_click_on_the_minimap_moves_the_view(network):
    minimap = network.editor.overlays.minimap
    network.editor.context.camera.pan(QPointF(-900, 0))
    network.editor.context.camera_changed.emit()
    QTest.mouseClick(minimap, LEFT, pos=minimap.rect().center())
    view_centre = network.editor.context.camera.visible(network.editor.context.size).center()
    network_centre = network.editor.context.scene.bounds().center()
    assert (view_centre - network_centre).manhattanLength() < 60


def test_show_node_scrolls_to_the_card(network):
    network.view.zoom(3.0)
    network.editor.show_node("output_3")
    visible = network.editor.context.camera.visible(network.editor.context.size)
    assert visible.intersects(network.editor.context.scene.cards["output_3"].rect)
    assert network.document.selection == {"output_3"}


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (160, "160"), (4672, "4\u2009672"), (25_600_000, "25.6 M"), (7 * 10**9, "7.0 G")],
)
def test_counts_are_short(number, text):
    assert short_number(number) == text


def _contains_colour(image: QImage, colour) -> bool:
    small = QImage(image.size(), QImage.Format.Format_RGB32)
    painter = QPainter(small)
    painter.drawImage(0, 0, image)
    painter.end()
    bits = np.frombuffer(small.constBits(), dtype=np.uint32) & 0xFFFFFF
    return bool((bits == (colour.rgb() & 0xFFFFFF)).any())


def test_a_card_too_small_to_read_has_a_tool_tip(broken):
    broken.view.zoom(0.3 / broken.editor.context.camera.scale)
    broken.move_to(broken.centre("input_0"))
    assert broken.view.toolTip().startswith("Input")
    broken.view.zoom(1.0 / broken.editor.context.camera.scale)
    broken.move_to((500, 300))
    broken.move_to(broken.centre("input_0"))
    assert not broken.view.toolTip()
