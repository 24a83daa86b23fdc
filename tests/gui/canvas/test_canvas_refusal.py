"""A refused wire says why, beside the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dlstudio.gui.canvas import refusal
from tests.gui.canvas.canvas_pointer import Pointer


@pytest.fixture(autouse=True)
def _short_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "STAYS", 300)


def lead(pointer: Pointer, target: str) -> None:
    pointer.press(pointer.port("tanh_2", output=True))
    pointer.go((500.0, 200.0))
    pointer.go(pointer.centre(target))


def test_the_reason_stands_at_the_pointer_and_stays_a_while(network: Pointer, qtbot) -> None:
    tip = network.editor.overlays.refusal
    lead(network, "relu_1")
    assert tip.text() == "ReLU already feeds Tanh: this would be a cycle"
    assert tip.isVisible()
    pointer_position = network.at(network.centre("relu_1"))
    assert (tip.pos() - pointer_position).manhattanLength() < 60
    qtbot.wait(400)
    assert tip.isVisible()
    network.release(network.centre("relu_1"))
    assert tip.isVisible()
    qtbot.waitUntil(tip.isHidden, timeout=2000)
    assert ("tanh_2", "relu_1") not in network.wires


def test_the_reason_goes_with_the_pointer(network: Pointer) -> None:
    tip = network.editor.overlays.refusal
    lead(network, "input_0")
    assert tip.text() == "Input has no input"
    network.go((500.0, 200.0))
    assert tip.isHidden()
    network.go(network.centre("relu_1"))
    assert tip.isVisible()
    assert network.view.rect().contains(tip.geometry())
    network.key(Qt.Key.Key_Escape)
    assert tip.isHidden()
    network.release((500.0, 200.0))


def test_a_legal_end_is_not_commented_on(network: Pointer) -> None:
    network.press(network.port("relu_1", output=True))
    network.go((500.0, 200.0))
    network.go(network.centre("output_3"))
    assert network.editor.overlays.refusal.isHidden()
    network.release(network.centre("output_3"))
    assert ("relu_1", "output_3") in network.wires
