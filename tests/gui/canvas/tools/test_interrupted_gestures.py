"""The design changes during a gesture, for example by a shortcut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dlstudio.design.edits import add_note, remove_nodes, remove_notes
from dlstudio.design.model.model import Project
from tests.gui.canvas.canvas_pointer import LEFT, NO, Pointer

PointOf = Callable[[Pointer], tuple[float, float]]
EMPTY_POINT = (60.0, 500.0)


def corner(pointer: Pointer) -> tuple[float, float]:
    note = pointer.layout.notes["note_1"]
    return note.x + note.width - 6, note.y + note.height - 6


DRAG_STARTS: dict[str, PointOf] = {
    "a card": lambda pointer: pointer.centre("relu_1"),
    "a port": lambda pointer: pointer.port("relu_1", output=True),
    "a wire": lambda pointer: pointer.wire_centre("relu_1", "tanh_2"),
    "a corner": corner,
    "the empty canvas": lambda _pointer: EMPTY_POINT,
}


@pytest.mark.parametrize("target", DRAG_STARTS)
def test_edit_during_a_gesture_cancels_it(network: Pointer, target: str) -> None:
    network.press(DRAG_STARTS[target](network))
    network.move_to((500.0, 420.0))
    assert network.view.gesture is not None

    changed = remove_notes(remove_nodes(network.project, ["relu_1"]), ["note_1"])
    network.document.apply(changed, "Remove")

    assert network.view.gesture is None
    network.move_to((520.0, 430.0))
    network.view.grab()
    network.release((520.0, 430.0))
    assert network.project is changed
    assert network.editor.overlays.search.isHidden()
    assert not network.editor.context.scene.notes


def test_opening_another_design_cancels_a_gesture(network: Pointer) -> None:
    network.press(corner(network))
    network.move_to((500.0, 420.0))
    network.document.load(Project(), None)
    assert network.view.gesture is None
    assert not network.editor.context.scene.notes
    QTest.mouseRelease(network.view, LEFT, NO)
    assert network.project == Project()


def test_selection_change_keeps_the_gesture(network: Pointer) -> None:
    network.press(network.centre("relu_1"))
    network.move_to((500.0, 420.0))
    network.document.set_selection({"tanh_2"})
    assert network.view.gesture is not None
    network.key(Qt.Key.Key_Escape)
    assert network.view.gesture is None
    network.document.try_edit(lambda project: add_note(project, "new", EMPTY_POINT), "Note")
    assert len(network.editor.context.scene.notes) == 2
