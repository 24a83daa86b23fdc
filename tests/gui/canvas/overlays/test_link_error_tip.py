"""The tip that shows why a wire is rejected."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dlstudio.gui.canvas.overlays import link_error_tip
from tests.gui.canvas.canvas_pointer import Pointer


@pytest.fixture(autouse=True)
def _short_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_error_tip, "DISPLAY_MS", 300)


def drag_wire_to(pointer: Pointer, target: str) -> None:
    pointer.press(pointer.port("tanh_2", output=True))
    pointer.move_to((500.0, 200.0))
    pointer.move_to(pointer.centre(target))


def test_reason_is_shown_at_the_pointer_and_then_hidden(network: Pointer, qtbot) -> None:
    tip = network.editor.overlays.link_error_tip
    drag_wire_to(network, "relu_1")
    assert tip.text() == "ReLU already feeds Tanh: this wire would close a cycle"
    assert tip.isVisible()
    pointer_position = network.at(network.centre("relu_1"))
    assert (tip.pos() - pointer_position).manhattanLength() < 60
    qtbot.wait(400)
    assert tip.isVisible()
    network.release(network.centre("relu_1"))
    assert tip.isVisible()
    qtbot.waitUntil(tip.isHidden, timeout=2000)
    assert ("tanh_2", "relu_1") not in network.wires


def test_reason_hides_when_the_pointer_leaves(network: Pointer) -> None:
    tip = network.editor.overlays.link_error_tip
    drag_wire_to(network, "input_0")
    assert tip.text() == "Input has no input"
    network.move_to((500.0, 200.0))
    assert tip.isHidden()
    network.move_to(network.centre("relu_1"))
    assert tip.isVisible()
    assert network.view.rect().contains(tip.geometry())
    network.key(Qt.Key.Key_Escape)
    assert tip.isHidden()
    network.release((500.0, 200.0))


def test_valid_target_shows_no_reason(network: Pointer) -> None:
    network.press(network.port("relu_1", output=True))
    network.move_to((500.0, 200.0))
    network.move_to(network.centre("output_3"))
    assert network.editor.overlays.link_error_tip.isHidden()
    network.release(network.centre("output_3"))
    assert ("relu_1", "output_3") in network.wires
