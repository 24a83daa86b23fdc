"""The canvas commands of the action table, and the canvas's own keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from dlstudio.design.edits import move_nodes
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from tests.gui.canvas.canvas_pointer import NO, SHIFT, chain


def test_arrows_nudge_the_selection_in_one_undo_step(network):
    before = network.project
    network.click(network.centre("relu_1"))
    for _ in range(3):
        network.key(Qt.Key.Key_Right)
    network.key(Qt.Key.Key_Down, SHIFT)
    assert network.layout.positions["relu_1"] == (270.0, 1.0)
    network.undo.undo()
    assert network.project is before


def test_arrows_pan_where_nothing_is_selected(network):
    offset = network.editor.context.camera.offset
    network.key(Qt.Key.Key_Right)
    assert network.editor.context.camera.offset.x() > offset.x()


def test_arrow_navigation_follows_the_wires(network):
    network.editor.select_neighbour("right")
    assert network.document.selection == {"input_0"}
    network.editor.select_neighbour("right")
    network.editor.select_neighbour("right")
    assert network.document.selection == {"tanh_2"}
    network.editor.select_neighbour("left")
    assert network.document.selection == {"relu_1"}


def test_next_and_previous_wrap_around(network):
    selections = []
    for _ in range(5):
        network.editor.select_neighbour("next")
        selections.extend(network.document.selection)
    assert selections == ["input_0", "relu_1", "tanh_2", "output_3", "input_0"]
    network.editor.select_neighbour("previous")
    assert network.document.selection == {"output_3"}


def test_enter_asks_for_the_inspector(network, qtbot):
    with qtbot.waitSignal(network.editor.inspector_requested):
        network.key(Qt.Key.Key_Return)


def test_the_selected_pair_is_connected(canvas):
    pointer = canvas(chain("input", "relu", wired=False))
    pointer.editor.select_all()
    pointer.editor.connect_selection()
    assert pointer.wires == {("input_0", "relu_1")}


def test_escape_selects_nothing(network):
    network.editor.select_all()
    network.key(Qt.Key.Key_Escape)
    assert not network.document.selection


def test_tab_searches_and_enter_adds(canvas):
    pointer = canvas(Project())
    assert pointer.editor.overlays.empty_hint.isVisible()
    pointer.key(Qt.Key.Key_Tab)
    field = pointer.editor.overlays.search.field
    assert pointer.editor.overlays.search.isVisible()
    QTest.keyClicks(field, "conv2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [node.kind for node in pointer.graph.nodes.values()] == ["conv2d"]
    assert not pointer.editor.overlays.empty_hint.isVisible()
    assert pointer.editor.overlays.search.isHidden()


def search_and_add(pointer, text):
    """Press Tab at the pointer, and add the first search result."""
    pointer.key(Qt.Key.Key_Tab)
    field = pointer.editor.overlays.search.field
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_tab_on_a_card_appends_after_it_and_then_after_the_new_card(canvas):
    pointer = canvas(chain("input"))
    pointer.move_to(pointer.centre("input_0"))
    search_and_add(pointer, "relu")
    search_and_add(pointer, "tanh")
    assert pointer.wires == {("input_0", "relu_1"), ("relu_1", "tanh_1")}
    corners = list(pointer.layout.positions.values())
    assert len({x for x, _y in corners}) == len(corners)


def test_tab_on_empty_canvas_adds_an_unwired_card(network):
    network.click(network.centre("relu_1"))
    network.move_to((300, 300))
    search_and_add(network, "sigmoid")
    assert not [pair for pair in network.wires if "sigmoid_1" in pair]
    assert abs(network.centre("sigmoid_1")[1] - 300) < 20


def test_inserting_on_a_wire_does_not_move_its_source(canvas):
    pointer = canvas(chain("input", "relu"))
    positions = {"input_0": (0.0, 0.0), "relu_1": (260.0, 160.0)}
    pointer.document.apply(move_nodes(pointer.project, positions), "Move")
    edge = next(iter(pointer.graph.edges))
    pointer.editor.open_search(SearchRequest(QPointF(172.0, 160.0), wire=edge))
    field = pointer.editor.overlays.search.field
    QTest.keyClicks(field, "tanh")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pointer.layout.positions["input_0"] == (0.0, 0.0)
    assert pointer.layout.positions["relu_1"][0] > pointer.layout.positions["tanh_1"][0]


def test_arrows_move_in_the_search_list_and_escape_closes_it(network):
    network.double_click((400, 250))
    field, results = network.editor.overlays.search.field, network.editor.overlays.search.results
    first = results.currentItem().text()
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert results.currentItem().text() != first
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert results.currentItem().text() == first
    before = network.project
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert network.editor.overlays.search.isHidden()
    assert network.project is before


def test_a_double_click_on_a_wire_inserts_there(network):
    network.double_click(network.wire_centre("relu_1", "tanh_2"))
    QTest.keyClicks(network.editor.overlays.search.field, "gelu")
    QTest.keyClick(network.editor.overlays.search.field, Qt.Key.Key_Return)
    assert {("relu_1", "gelu_1"), ("gelu_1", "tanh_2")} <= network.wires


def test_kinds_are_appended_one_after_the_other_and_wired(canvas):
    pointer = canvas(Project())
    for kind in ("input", "flatten", "linear", "output"):
        assert pointer.editor.add_kind(kind)
    assert pointer.wires == {
        ("input_1", "flatten_1"),
        ("flatten_1", "linear_1"),
        ("linear_1", "output_1"),
    }
    xs = [pointer.layout.positions[node_id][0] for node_id in pointer.graph.nodes]
    assert xs == sorted(xs)


def test_a_kind_added_after_a_card_in_the_middle_goes_onto_its_wire(network):
    network.click(network.centre("relu_1"))
    network.editor.add_kind("dropout")
    assert {("relu_1", "dropout_1"), ("dropout_1", "tanh_2")} <= network.wires


def test_an_unknown_kind_is_rejected_with_a_message(network, qtbot):
    with qtbot.waitSignal(network.document.message):
        assert not network.editor.add_kind("warp-drive")


def test_delete_removes_wires_and_rewire_reconnects_neighbours(network):
    network.click(network.centre("relu_1"))
    network.editor.delete_selection()
    assert network.wires == {("tanh_2", "output_3")}
    network.undo.undo()
    network.click(network.centre("relu_1"))
    network.editor.delete_and_rewire()
    assert ("input_0", "tanh_2") in network.wires


def test_cards_are_copied_as_text_between_canvases(network, canvas):
    network.drag((200, -80), (700, 120))
    network.editor.copy()
    assert QGuiApplication.clipboard().text().lstrip().startswith("{")
    other = canvas(Project())
    other.editor.paste()
    kinds = {node.kind for node in other.graph.nodes.values()}
    assert kinds == {"relu", "tanh"}
    assert len(other.wires) == 1
    assert other.document.selection == set(other.graph.nodes)


def test_foreign_text_is_not_pasted(network, qtbot):
    QGuiApplication.clipboard().setText("a shopping list")
    before = network.project
    with qtbot.waitSignal(network.document.message):
        network.editor.paste()
    assert network.project is before


def test_cut_and_duplicate(network):
    network.click(network.centre("relu_1"))
    network.editor.duplicate()
    assert len(network.graph.nodes) == 5
    network.editor.cut()
    assert len(network.graph.nodes) == 4
    assert "relu_1" in network.graph.nodes


@pytest.mark.parametrize(
    ("how", "axis"),
    [("left", 0), ("centre", 0), ("right", 0), ("top", 1), ("middle", 1), ("bottom", 1)],
)
def test_align_lines_cards_up(canvas, how, axis):
    pointer = canvas(chain("input", "relu", "tanh"))
    pointer.drag(pointer.centre("relu_1"), (pointer.centre("relu_1")[0], 300))
    pointer.document.set_selection({"input_0", "relu_1", "tanh_2"})
    pointer.editor.align(how)
    assert len({place[axis] for place in pointer.layout.positions.values()}) == 1


def test_distribute_makes_gaps_equal(canvas):
    pointer = canvas(chain("input", "relu", "tanh"))
    x, y = pointer.centre("relu_1")
    pointer.drag((x, y), (x + 100, y + 200))
    pointer.document.set_selection({"input_0", "relu_1", "tanh_2"})
    pointer.editor.distribute("horizontally")
    assert sorted(place[0] for place in pointer.layout.positions.values()) == [0.0, 240.0, 480.0]


def test_arrange_orders_cards_from_left_to_right(canvas):
    project = chain("output", "relu", "input", wired=False)
    edges = [Edge("input_2", "relu_1"), Edge("relu_1", "output_0")]
    graph = Graph(project.graph.nodes, {edge.key: edge for edge in edges})
    pointer = canvas(project.with_graph(graph))
    pointer.editor.arrange()
    positions = pointer.layout.positions
    assert positions["input_2"][0] < positions["relu_1"][0] < positions["output_0"][0]
    pointer.undo.undo()
    assert pointer.layout.positions == project.layouts[""].positions


def test_arrange_keep_does_not_move_the_selection(network):
    x, y = network.centre("tanh_2")
    network.drag((x, y), (x + 300, y + 200))
    position = network.layout.positions["tanh_2"]
    network.editor.arrange_keep()
    assert network.layout.positions["tanh_2"] == position


def test_zooming_keeps_the_point_under_the_pointer(network):
    camera = network.editor.context.camera
    at = QPointF(300, 200)
    scene_point = camera.to_scene(at)
    network.view.zoom(1.7, at)
    assert (camera.to_scene(at) - scene_point).manhattanLength() < 1e-6


def test_zoom_commands(network):
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


def test_find_steps_through_the_matches(canvas):
    pointer = canvas(chain("input", "relu", "tanh", "relu"))
    pointer.editor.open_find_bar()
    field = pointer.editor.overlays.find_bar.field
    QTest.keyClicks(field, "relu")
    assert pointer.editor.overlays.find_bar.count.text() == "1 of 2"
    assert pointer.document.selection == {"relu_1"}
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pointer.document.selection == {"relu_3"}
    QTest.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert pointer.document.selection == {"relu_1"}
    QTest.keyClicks(field, "xyz")
    assert pointer.editor.overlays.find_bar.count.text() == "No match"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert pointer.editor.overlays.find_bar.isHidden()


def test_a_note_is_edited_in_place(network):
    network.editor.add_note()
    note_editor = network.editor.overlays.note_editor
    assert note_editor.isVisible()
    QTest.keyClicks(note_editor, "Look at the slope")
    QTest.keyClick(note_editor, Qt.Key.Key_Escape)
    assert "Look at the slope" in {note.text for note in network.layout.notes.values()}
    network.double_click((100, 290))
    QTest.keyClicks(note_editor, "Changed")
    QTest.keyClick(note_editor, Qt.Key.Key_Escape)
    assert network.layout.notes["note_1"].text == "Changed"


def test_an_empty_note_is_removed(network):
    network.editor.add_note()
    QTest.keyClick(network.editor.overlays.note_editor, Qt.Key.Key_Escape)
    assert set(network.layout.notes) == {"note_1"}


def test_a_card_is_renamed_in_place(network):
    network.click(network.centre("relu_1"))
    network.editor.rename_selection()
    QTest.keyClicks(network.editor.overlays.title_editor, "Gate")
    QTest.keyClick(network.editor.overlays.title_editor, Qt.Key.Key_Return)
    assert network.graph.nodes["relu_1"].title == "Gate"
    network.editor.rename_selection()
    QTest.keyClicks(network.editor.overlays.title_editor, "Other")
    QTest.keyClick(network.editor.overlays.title_editor, Qt.Key.Key_Escape)
    assert network.graph.nodes["relu_1"].title == "Gate"


def test_blocks_are_created_entered_left_and_ungrouped(network):
    before = network.project.graph
    network.document.set_selection({"relu_1", "tanh_2"})
    network.editor.group()
    (block,) = network.document.selection
    assert network.graph.nodes[block].kind == "block"
    assert len(network.graph.nodes) == 3
    network.double_click(network.centre(block))
    assert network.document.scope
    assert {node.kind for node in network.graph.nodes.values()} >= {"relu", "tanh"}
    network.editor.leave_block()
    assert network.document.selection == {block}
    network.editor.ungroup()
    assert {node.kind for node in network.graph.nodes.values()} == {
        node.kind for node in before.nodes.values()
    }
    assert len(network.wires) == 3


def test_an_unknown_kind_keeps_its_place_and_wires(canvas):
    nodes = {"a": Node("a", "input"), "b": Node("b", "quantum_gate")}
    edge = Edge("a", "b", "output", "qubits")
    pointer = canvas(Project(Graph(nodes, {edge.key: edge})))
    summary = pointer.editor.text_summary()
    assert "quantum_gate, unknown kind" in summary
    assert len(pointer.editor.context.scene.wires) == 1


def test_the_text_summary_follows_the_data_flow(network):
    lines = network.editor.text_summary().splitlines()
    assert lines[0] == "4 cards, 3 wires, 0 errors."
    assert [line.split(",")[0].rstrip(".") for line in lines[1:]][1:3] == ["ReLU", "Tanh"]
    assert "from Input" in lines[2]


def test_the_selection_is_announced_to_screen_readers(network):
    network.click(network.centre("relu_1"))
    assert network.view.accessibleDescription().startswith("ReLU")


def test_tab_opens_the_search_box(network):
    assert network.view.focusNextPrevChild(True) is False
    network.key(Qt.Key.Key_Tab, NO)
    assert network.editor.overlays.search.isVisible()
