"""Context menus of cards, wires and the empty canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from dlstudio.gui.actions.action_table import ACTIONS, action_title
from dlstudio.gui.canvas.editor.context_menus import context_menu_at


def _menu(pointer, position) -> QMenu:
    pointer.editor.actions_by_id = {
        entry.id: _action(pointer.editor, entry)
        for entry in ACTIONS
        if entry.slot.startswith("editor.")
    }
    return context_menu_at(pointer.editor, QPointF(*position))


def _action(editor, entry) -> QAction:
    action = QAction(entry.text, editor)
    command = getattr(editor, entry.slot.removeprefix("editor."))
    action.triggered.connect(lambda _checked=False: command(*entry.arguments))
    return action


def _texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


def _trigger(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().replace("&", "") == text).trigger()


def test_card_menu_selects_and_edits_the_card(network):
    menu = _menu(network, network.centre("relu_1"))
    assert network.document.selection == {"relu_1"}
    assert {"Rename", "Delete", "Delete and rewire", "Duplicate"} <= set(_texts(menu))
    _trigger(menu, "Delete and rewire")
    assert ("input_0", "tanh_2") in network.wires


def test_selection_menu_offers_align_connect_and_group(network):
    network.document.set_selection({"relu_1", "tanh_2"})
    menu = _menu(network, network.centre("relu_1"))
    assert network.document.selection == {"relu_1", "tanh_2"}
    assert {"Align", action_title("connect"), "Group into a block"} <= set(_texts(menu))


def test_help_is_offered_for_a_single_card_only(network):
    assert "What is this layer?" in _texts(_menu(network, network.centre("relu_1")))
    network.document.set_selection({"relu_1", "tanh_2"})
    assert "What is this layer?" not in _texts(_menu(network, network.centre("relu_1")))


def test_card_menu_changes_the_colour(network):
    menu = _menu(network, network.centre("relu_1"))
    colour_menu = next(
        submenu for submenu in menu.findChildren(QMenu) if submenu.title() == "Colour"
    )
    _trigger(colour_menu, "Violet")
    assert network.layout.colours["relu_1"] == "#9b87f5"
    _trigger(colour_menu, "As its kind")
    assert "relu_1" not in network.layout.colours


def test_card_menu_requests_help_on_the_kind(network, qtbot):
    menu = _menu(network, network.centre("relu_1"))
    with qtbot.waitSignal(network.editor.kind_help_requested) as help_requested:
        _trigger(menu, "What is this layer?")
    assert help_requested.args == ["relu"]


def test_wire_menu_cuts_the_wire(network):
    _trigger(_menu(network, network.wire_centre("relu_1", "tanh_2")), "Cut wire\tDel")
    assert ("relu_1", "tanh_2") not in network.wires


def test_canvas_menu_adds_a_note_at_the_pointer(network):
    _trigger(_menu(network, (400, 400)), "Add a note")
    QTest.keyClicks(network.editor.overlays.note_editor, "Here")
    QTest.keyClick(network.editor.overlays.note_editor, Qt.Key.Key_Escape)
    note = next(note for note in network.layout.notes.values() if note.text == "Here")
    assert (note.x, note.y) == (400.0, 400.0)
