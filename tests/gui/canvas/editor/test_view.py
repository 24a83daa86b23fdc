"""Zooming, scrolling, tool tips and the accessible text of the canvas."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest

from tests.gui.canvas.canvas_pointer import CTRL, NO, SHIFT
from tests.gui.canvas.conftest import broken_report

TOUCHPAD = QInputDevice.DeviceType.TouchPad


def test_view_scrolls_while_a_card_is_dragged_to_its_edge(long_chain, qtbot):
    view, camera = long_chain.view, long_chain.editor.context.camera
    before = camera.offset.x()
    long_chain.press(long_chain.centre("relu_1"))
    for x in (400, view.width() - 4):
        QTest.mouseMove(view, QPoint(x, view.height() // 2))
    qtbot.waitUntil(lambda: camera.offset.x() > before + 400, timeout=5000)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, NO, QPoint(view.width() - 4, 300))
    stopped = camera.offset.x()
    qtbot.wait(60)
    assert camera.offset.x() == stopped
    assert long_chain.layout.positions["relu_1"][0] > stopped


def test_escape_stops_auto_scrolling(long_chain, qtbot):
    view, camera = long_chain.view, long_chain.editor.context.camera
    long_chain.press(long_chain.centre("relu_1"))
    for x in (400, view.width() - 4):
        QTest.mouseMove(view, QPoint(x, view.height() // 2))
    long_chain.key(Qt.Key.Key_Escape)
    stopped = camera.offset.x()
    qtbot.wait(60)
    assert camera.offset.x() == stopped


def test_zooming_keeps_the_point_under_the_pointer(network):
    camera = network.editor.context.camera
    at = QPointF(300, 200)
    scene_point = camera.to_scene(at)
    network.view.zoom(1.7, at)
    assert (camera.to_scene(at) - scene_point).manhattanLength() < 1e-6


def test_zoom_commands_change_the_scale(network):
    camera = network.editor.context.camera
    network.editor.zoom_reset()
    assert camera.scale == 1.0
    network.editor.zoom_in()
    assert camera.scale == pytest.approx(1.25)
    assert network.editor.breadcrumb_bar.zoom_button.text() == "125 %"
    network.editor.zoom_out()
    network.editor.zoom_fit()
    visible = camera.visible(network.editor.context.size)
    assert visible.contains(network.editor.context.scene.bounds())
    network.click(network.centre("relu_1"))
    network.editor.zoom_selection()
    assert camera.scale > 1.0


def test_accessible_description_names_the_selection(network):
    network.click(network.centre("relu_1"))
    assert network.view.accessibleDescription().startswith("ReLU")


def test_show_node_scrolls_to_the_card(network):
    network.view.zoom(3.0)
    network.editor.show_node("output_3")
    visible = network.editor.context.camera.visible(network.editor.context.size)
    assert visible.intersects(network.editor.context.scene.cards["output_3"].rect)
    assert network.document.selection == {"output_3"}


def test_card_too_small_to_read_has_a_tool_tip(broken_network):
    broken_network.view.zoom(0.3 / broken_network.editor.context.camera.scale)
    broken_network.move_to(broken_network.centre("input_0"))
    assert broken_network.view.toolTip().startswith("Input")
    report = broken_report()
    problem = replace(
        report.problems[0], text="This explains the error at length." + " It goes on." * 9
    )
    broken_network.document.set_report(replace(report, problems=(problem,)))
    broken_network.move_to(broken_network.centre("relu_1"))
    lines = broken_network.view.toolTip().splitlines()
    assert "error: " in " ".join(lines)
    assert max(map(len, lines)) <= 80
    assert lines[-1].endswith("It goes on.")
    broken_network.view.zoom(1.0 / broken_network.editor.context.camera.scale)
    broken_network.move_to((500, 300))
    broken_network.move_to(broken_network.centre("input_0"))
    assert not broken_network.view.toolTip()


def _device(kind: QInputDevice.DeviceType) -> QPointingDevice:
    return QPointingDevice(
        kind.name,
        1,
        kind,
        QPointingDevice.PointerType.Generic,
        QInputDevice.Capability.Scroll,
        1,
        3,
    )


def _wheel(
    pointer,
    angle: int,
    modifiers=NO,
    pixels: QPoint | None = None,
    *,
    device: QInputDevice.DeviceType = QInputDevice.DeviceType.Mouse,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:
    at, scrolled_device = QPointF(300, 200), _device(device)
    event = QWheelEvent(
        at,
        at,
        pixels or QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        phase,
        False,
        Qt.MouseEventSource.MouseEventNotSynthesized,
        scrolled_device,
    )
    pointer.view.wheelEvent(event)


def test_wheel_zooms_and_touchpad_pans(network):
    camera = network.editor.context.camera
    scale = camera.scale
    _wheel(network, 120)
    assert camera.scale > scale
    scale, offset = camera.scale, camera.offset
    _wheel(network, 60, pixels=QPoint(0, 30), device=TOUCHPAD)
    assert camera.scale == scale
    assert camera.offset.y() < offset.y()
    _wheel(network, 60, SHIFT)
    assert camera.offset.x() < offset.x()
    _wheel(network, -120, CTRL, pixels=QPoint(0, -30), device=TOUCHPAD)
    assert camera.scale < scale


def test_wheel_that_reports_pixels_still_zooms(network):
    camera = network.editor.context.camera
    scale, offset = camera.scale, camera.offset
    _wheel(network, 15, pixels=QPoint(0, 9))
    assert camera.scale > scale
    _wheel(network, -15, pixels=QPoint(0, -9))
    assert camera.offset.y() == pytest.approx(offset.y())


@pytest.mark.parametrize(
    ("pixels", "device", "phase"),
    [
        (QPoint(0, 30), QInputDevice.DeviceType.TouchPad, Qt.ScrollPhase.NoScrollPhase),
        (QPoint(), QInputDevice.DeviceType.TouchPad, Qt.ScrollPhase.NoScrollPhase),
        (QPoint(0, 30), QInputDevice.DeviceType.Mouse, Qt.ScrollPhase.ScrollUpdate),
        (QPoint(0, 30), QInputDevice.DeviceType.Mouse, Qt.ScrollPhase.ScrollMomentum),
    ],
)
def test_touchpads_pan_on_every_platform(network, pixels, device, phase):
    camera = network.editor.context.camera
    scale, offset = camera.scale, camera.offset
    _wheel(network, 120, pixels=pixels, device=device, phase=phase)
    assert camera.scale == scale
    assert abs(camera.offset.y() - offset.y()) == pytest.approx(30 / scale)
