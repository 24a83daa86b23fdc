"""Every gesture: its effect, undo, and cancelling with Esc."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest

from dlstudio.design.edits import add_node
from dlstudio.gui.canvas.model.insertable_items import KIND_MIME
from tests.gui.canvas.canvas_pointer import ALT, CTRL, MIDDLE, RIGHT, SHIFT, chain


def test_drag_moves_a_card_in_grid_steps(network):
    before = network.project
    x, y = network.centre("relu_1")
    network.drag((x, y), (x + 33, y + 104))
    assert network.layout.positions["relu_1"] == (270.0, 100.0)
    assert network.project.graph is before.graph
    network.undo.undo()
    assert network.project is before


def test_drag_with_alt_ignores_the_grid(network):
    x, y = network.centre("relu_1")
    scale = network.editor.context.camera.scale
    network.press((x, y))
    network.move_to((x + 50, y + 50))
    network.release((x + 33 / scale, y + 107 / scale), ALT)
    position = network.layout.positions["relu_1"]
    assert position[0] % 20 or position[1] % 20


def test_drag_moves_the_whole_selection(network):
    network.editor.select_all()
    x, y = network.centre("tanh_2")
    network.drag((x, y), (x, y + 200))
    assert {y for _, y in network.layout.positions.values()} == {200.0}
    assert network.layout.notes["note_1"].y == 440.0
    assert network.undo.count() == 1


def test_escape_restores_card_positions(network):
    before = network.project
    x, y = network.centre("relu_1")
    network.abandon((x, y), (x + 100, y + 100))
    assert network.project is before
    assert network.centre("relu_1") == (x, y)
    assert network.view.gesture is None


def test_click_selects_and_ctrl_click_toggles(network):
    network.click(network.centre("relu_1"))
    assert network.document.selection == {"relu_1"}
    network.click(network.centre("tanh_2"), CTRL)
    assert network.document.selection == {"relu_1", "tanh_2"}
    network.click(network.centre("relu_1"), CTRL)
    assert network.document.selection == {"tanh_2"}
    network.click((400, -200))
    assert not network.document.selection


def test_rubber_band_selects_what_it_touches(network):
    network.drag((200, -80), (700, 120))
    assert network.document.selection == {"relu_1", "tanh_2"}
    network.drag((-40, 200), (60, 300), SHIFT)
    assert network.document.selection == {"relu_1", "tanh_2", "note:note_1"}
    assert network.undo.count() == 0


def test_escape_restores_the_selection(network):
    network.click(network.centre("input_0"))
    network.abandon((200, -80), (700, 120))
    assert network.document.selection == {"input_0"}


def test_wire_is_drawn_from_port_to_port(canvas):
    pointer = canvas(chain("input", "relu", wired=False))
    pointer.drag(pointer.port("input_0", output=True), pointer.port("relu_1"))
    assert pointer.wires == {("input_0", "relu_1")}
    pointer.undo.undo()
    assert not pointer.wires


def test_wire_can_be_drawn_from_an_input_to_a_card(canvas):
    pointer = canvas(chain("input", "relu", wired=False))
    pointer.drag(pointer.port("relu_1"), pointer.centre("input_0"))
    assert pointer.wires == {("input_0", "relu_1")}


def test_escape_cancels_a_new_wire(canvas):
    pointer = canvas(chain("input", "relu", wired=False))
    pointer.abandon(pointer.port("input_0", output=True), pointer.port("relu_1"))
    assert not pointer.wires


def test_cycle_is_rejected_with_a_message(network, qtbot):
    with qtbot.waitSignal(network.document.message) as message:
        network.drag(network.port("tanh_2", output=True), network.centre("relu_1"))
    assert "cycle" in message.args[0]
    assert ("tanh_2", "relu_1") not in network.wires


def test_wire_dropped_on_empty_canvas_offers_fitting_layers(network):
    network.drag(network.port("relu_1", output=True), (330, 200))
    assert network.editor.overlays.search.isVisible()
    titles = _offered(network)
    assert "Tanh" in titles
    assert "Input" not in titles
    _type(network, "sigm")
    assert ("relu_1", "sigmoid_1") in network.wires
    assert network.document.selection == {"sigmoid_1"}


def test_wire_end_can_be_reconnected(canvas):
    pointer = canvas(chain("input", "relu", "tanh", "output"))
    pointer.drag(pointer.port("output_3"), pointer.port("output_3"))
    pointer.drag(pointer.port("tanh_2"), (600, 250))
    assert ("relu_1", "tanh_2") not in pointer.wires
    pointer.undo.undo()
    pointer.drag(pointer.port("output_3"), pointer.port("output_3", output=False))
    pointer.drag(pointer.port("tanh_2"), pointer.port("output_3"))
    assert pointer.wires == {("input_0", "relu_1"), ("relu_1", "output_3")}


def test_escape_restores_a_grabbed_wire(network):
    before = network.project
    network.abandon(network.port("tanh_2"), (600, 250))
    assert network.project is before
    assert not network.editor.context.highlight.hidden_wires


def test_click_on_a_wire_selects_it_and_delete_cuts_it(network):
    network.click(network.wire_centre("relu_1", "tanh_2"))
    assert network.editor.context.selected_wire()
    network.editor.delete_selection()
    assert network.wires == {("input_0", "relu_1"), ("tanh_2", "output_3")}


def test_click_on_a_wire_beside_its_output_port_selects_it(network):
    network.click(network.centre("relu_1"))
    x, y = network.port("relu_1", output=True)
    network.click((x + 3, y))
    network.editor.delete_selection()
    assert network.wires == {("input_0", "relu_1"), ("tanh_2", "output_3")}
    assert "relu_1" in network.graph.nodes


@pytest.mark.parametrize(("modifiers", "button"), [(ALT, None), (CTRL, RIGHT)])
def test_drag_across_wires_cuts_them(network, modifiers, button):
    kwargs = {} if button is None else {"button": button}
    x = network.wire_centre("relu_1", "tanh_2")[0]
    network.drag((x, -80), (x, 150), modifiers, **kwargs)
    assert network.wires == {("input_0", "relu_1"), ("tanh_2", "output_3")}
    network.undo.undo()
    network.abandon((x, -80), (x, 150), modifiers, **kwargs)
    assert len(network.wires) == 3


def test_card_dropped_on_a_wire_is_spliced_in(network):
    network.editor.select_none()
    network.document.try_edit(_add_gelu, "Add")
    x, y = network.wire_centre("relu_1", "tanh_2")
    network.drag(network.centre("gelu_1"), (x, y))
    assert {("relu_1", "gelu_1"), ("gelu_1", "tanh_2")} <= network.wires
    assert ("relu_1", "tanh_2") not in network.wires


@pytest.mark.parametrize("button", [MIDDLE, None])
def test_drag_with_the_middle_button_or_space_pans_the_view(network, button):
    offset = network.editor.context.camera.offset
    if button is None:
        network.press_space()
        network.drag((300, 200), (200, 150))
    else:
        network.drag((300, 200), (200, 150), button=button)
    delta = network.editor.context.camera.offset - offset
    assert delta.x() == pytest.approx(100, abs=2)
    assert network.undo.count() == 0


def test_escape_restores_the_panned_view(network):
    offset = network.editor.context.camera.offset
    network.abandon((300, 200), (200, 150), button=MIDDLE)
    assert network.editor.context.camera.offset == offset


def test_note_is_resized_by_its_corner(network):
    network.drag((196, 336), (256, 396))
    note = network.layout.notes["note_1"]
    assert (note.width, note.height) == (260.0, 160.0)
    network.undo.undo()
    network.abandon((196, 336), (256, 396))
    assert network.layout.notes["note_1"].width == 200.0
    assert network.editor.context.scene.notes["note_1"].width == 200.0


def test_kind_dragged_from_the_palette_is_added(network):
    _drop(network, b"gelu", (360, 300))
    assert network.layout.positions["gelu_1"] == (290.0, 260.0)


def test_kind_dropped_on_a_wire_is_spliced_in(network):
    _drop(network, b"gelu", network.wire_centre("relu_1", "tanh_2"))
    assert {("relu_1", "gelu_1"), ("gelu_1", "tanh_2")} <= network.wires


def test_drag_out_of_the_view_adds_nothing(network):
    before = network.project
    _drag_enter(network, b"gelu", (360, 300))
    assert network.view.gesture is not None
    network.view.dragLeaveEvent(QDragLeaveEvent())
    assert network.view.gesture is None
    assert network.project is before


def test_drag_of_an_unknown_kind_is_rejected(network):
    event = _drag_enter(network, b"no-such-kind", (360, 300))
    assert not event.isAccepted()


def _add_gelu(project):
    return add_node(project, "gelu", (240.0, 220.0))


def _offered(pointer) -> list[str]:
    results = pointer.editor.overlays.search.results
    return [results.item(row).text() for row in range(results.count())]


def _type(pointer, text: str) -> None:
    QTest.keyClicks(pointer.editor.overlays.search.field, text)
    QTest.keyClick(pointer.editor.overlays.search.field, Qt.Key.Key_Return)


def _mime(token: bytes) -> QMimeData:
    data = QMimeData()
    data.setData(KIND_MIME, QByteArray(token))
    return data


def _drag_enter(pointer, token: bytes, position) -> QDragEnterEvent:
    data = _mime(token)
    point: QPoint = pointer.at(position)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.NoModifier
    event = QDragEnterEvent(point, copy, data, left, none)
    pointer.view.dragEnterEvent(event)
    return event


def _drop(pointer, token: bytes, position) -> None:
    _drag_enter(pointer, token, position)
    data = _mime(token)
    point: QPoint = pointer.at(position)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.NoModifier
    pointer.view.dragMoveEvent(QDragMoveEvent(point, copy, data, left, none))
    pointer.view.grab()
    pointer.view.dropEvent(QDropEvent(QPointF(point), copy, data, left, none))
