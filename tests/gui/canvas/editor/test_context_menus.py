"""Context menus, the mouse wheel, and random input."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from dlstudio.gui.actions.action_table import ACTIONS, action_title
from dlstudio.gui.canvas.editor.context_menus import context_menu_at
from tests.gui.canvas.canvas_pointer import ALT, CTRL, LEFT, MIDDLE, NO, RIGHT, SHIFT, chain


def _menu(pointer, place) -> QMenu:
    pointer.editor.actions_by_id = {
        entry.id: _action(pointer.editor, entry)
        for entry in ACTIONS
        if entry.slot.startswith("editor.")
    }
    return context_menu_at(pointer.editor, QPointF(*place))


def _action(editor, entry) -> QAction:
    action = QAction(entry.text, editor)
    command = getattr(editor, entry.slot.removeprefix("editor."))
    action.triggered.connect(lambda _checked=False: command(*entry.arguments))
    return action


def _texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


def _trigger(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().replace("&", "") == text).trigger()


def test_the_menu_of_a_card_acts_on_it(network):
    menu = _menu(network, network.centre("relu_1"))
    assert network.document.selection == {"relu_1"}
    assert {"Rename", "Delete", "Delete and rewire", "Duplicate"} <= set(_texts(menu))
    _trigger(menu, "Delete and rewire")
    assert ("input_0", "tanh_2") in network.wires


def test_the_menu_of_a_selection_aligns_and_connects(network):
    network.document.set_selection({"relu_1", "tanh_2"})
    menu = _menu(network, network.centre("relu_1"))
    assert network.document.selection == {"relu_1", "tanh_2"}
    assert {"Align", action_title("connect"), "Group into a block"} <= set(_texts(menu))


def test_help_needs_a_single_card(network):
    assert "What is this layer?" in _texts(_menu(network, network.centre("relu_1")))
    network.document.set_selection({"relu_1", "tanh_2"})
    assert "What is this layer?" not in _texts(_menu(network, network.centre("relu_1")))


def test_a_card_is_coloured_from_its_menu(network):
    menu = _menu(network, network.centre("relu_1"))
    colour_menu = next(
        submenu for submenu in menu.findChildren(QMenu) if submenu.title() == "Colour"
    )
    _trigger(colour_menu, "Violet")
    assert network.layout.colours["relu_1"] == "#9b87f5"
    _trigger(colour_menu, "As its kind")
    assert "relu_1" not in network.layout.colours


def test_the_menu_of_a_kind_explains_it(network, qtbot):
    menu = _menu(network, network.centre("relu_1"))
    with qtbot.waitSignal(network.editor.kind_help_requested) as help_requested:
        _trigger(menu, "What is this layer?")
    assert help_requested.args == ["relu"]


def test_the_menu_of_a_wire_cuts_it(network):
    _trigger(_menu(network, network.wire_centre("relu_1", "tanh_2")), "Cut wire")
    assert ("relu_1", "tanh_2") not in network.wires


def test_the_canvas_menu_adds_a_note_at_the_pointer(network):
    _trigger(_menu(network, (400, 400)), "Add a note")
    QTest.keyClicks(network.editor.overlays.note_editor, "Here")
    QTest.keyClick(network.editor.overlays.note_editor, Qt.Key.Key_Escape)
    note = next(note for note in network.layout.notes.values() if note.text == "Here")
    assert (note.x, note.y) == (400.0, 400.0)


def _wheel(pointer, angle: int, modifiers=NO, pixels: QPoint | None = None) -> None:
    at = QPointF(300, 200)
    event = QWheelEvent(
        at,
        at,
        pixels or QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    pointer.view.wheelEvent(event)


def test_the_wheel_zooms_and_a_touchpad_pans(network):
    camera = network.editor.context.camera
    scale = camera.scale
    _wheel(network, 120)
    assert camera.scale > scale
    scale, offset = camera.scale, camera.offset
    _wheel(network, 60, pixels=QPoint(0, 30))
    assert camera.scale == scale
    assert camera.offset.y() < offset.y()
    _wheel(network, 60, SHIFT)
    assert camera.offset.x() < offset.x()
    _wheel(network, -120, CTRL, pixels=QPoint(0, -30))
    assert camera.scale < scale


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
        action = rng.random()
        if action < 0.5:
            pointer.drag(start, end, modifiers, button=button)
        elif action < 0.65:
            pointer.abandon(start, end, modifiers, button=button)
        elif action < 0.75:
            pointer.double_click(start)
        elif action < 0.85:
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
