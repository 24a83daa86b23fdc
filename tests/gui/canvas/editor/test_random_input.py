from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt

from tests.gui.canvas.canvas_pointer import ALT, CTRL, LEFT, MIDDLE, NO, RIGHT, chain


@pytest.mark.parametrize("seed", range(3))
def test_random_input_raises_nothing_and_can_be_undone(canvas, seed):
    pointer = canvas(chain("input", "conv2d", "relu", "add", "linear", "output"))
    before = pointer.project
    rng = random.Random(seed)
    context = pointer.editor.context
    keys = [Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_C, Qt.Key.Key_Left, Qt.Key.Key_Down]
    commands = [
        "duplicate", "delete_and_rewire", "select_all", "select_none", "arrange", "zoom_fit",
        "group", "ungroup", "enter_block", "leave_block", "copy", "paste", "toggle_wire_shapes",
    ]  # fmt: skip
    for _ in range(120):
        start, end = (_random_point(rng, context) for _ in range(2))
        button, modifiers = rng.choice((LEFT, LEFT, RIGHT, MIDDLE)), rng.choice((NO, ALT, CTRL))
        roll = rng.random()
        if roll < 0.5:
            pointer.drag(start, end, modifiers, button=button)
        elif roll < 0.65:
            pointer.abandon(start, end, modifiers, button=button)
        elif roll < 0.75:
            pointer.double_click(start)
        elif roll < 0.85:
            pointer.key(rng.choice(keys))
        elif len(pointer.graph.nodes) < 40:
            getattr(pointer.editor, rng.choice(commands))()
        pointer.view.grab()
    assert pointer.view.gesture is None
    while pointer.undo.canUndo():
        pointer.undo.undo()
    assert pointer.project is before


def _random_point(rng: random.Random, context) -> tuple[float, float]:
    """Return a scene position: a port, a card, a wire, or anywhere in view."""
    cards = list(context.scene.cards.values())
    if cards and rng.random() < 0.7:
        card = rng.choice(cards)
        return rng.choice(
            (card.rect.center(), card.port("output", True), card.port("input", False))
        ).toTuple()
    visible = context.camera.visible(context.size)
    return rng.uniform(visible.left(), visible.right()), rng.uniform(
        visible.top(), visible.bottom()
    )
