"""Blocks in the inspector: definitions, parameters and linked settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group, promote_setting
from dlstudio.design.commands.clipboard import duplicate
from dlstudio.design.model.model import Parameter
from dlstudio.design.model.report import NodeReport, Report
from dlstudio.design.model.values import Ref
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.inspector.block_page import BlockPage
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.multi_selection_page import MultiSelectionPage
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.node_properties import property_rows
from tests.gui.forms.test_setting_editors import type_into
from tests.gui.panel_designs import small_network


@pytest.fixture
def document() -> Document:
    """Return a design with block `Stage` placed twice: two Conv2d, the second `width` wide."""
    project, _ = group(small_network(), ["conv2d_1", "conv2d_2"], "Stage")
    project = promote_setting(project, "conv2d_2", "out_channels", "width", 8, scope="stage")
    return Document(duplicate(project, ["stage_1"])[0])


@pytest.fixture
def inspector(qtbot: QtBot, document: Document) -> Inspector:
    widget = Inspector(document)
    qtbot.addWidget(widget)
    widget.resize(300, 1200)
    widget.show()
    return widget


def enter_text(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose_from_menu(editor: object, text: str) -> None:
    assert isinstance(editor, TextEditor)
    editor.field.menu_requested.emit()
    actions = [*editor.menu.actions()]
    actions += [child for action in actions if action.menu() for child in action.menu().actions()]
    next(action for action in actions if action.text() == text).trigger()
    editor.menu.close()


def parameters(document: Document) -> tuple[Parameter, ...]:
    return document.project.blocks["stage"].parameters


def test_opened_block_has_its_own_page(inspector: Inspector, document: Document) -> None:
    document.set_scope("stage")
    assert isinstance(inspector.page, BlockPage)
    inspector.show_network()
    assert isinstance(inspector.page, NetworkPage)


def test_parameters_are_added_renamed_described_and_removed(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_scope("stage")
    form = inspector.page.form
    qtbot.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    enter_text(qtbot, form.rows["parameter_1"].name, "depth")
    type_into(qtbot, form.rows["depth"].default, "3")
    enter_text(qtbot, form.rows["depth"].help, "How deep.")
    enter_text(qtbot, form.rows["width"].name, "channels")
    assert parameters(document) == (Parameter("channels", 8), Parameter("depth", 3, "How deep."))
    inner = document.project.blocks["stage"].graph.nodes["conv2d_2"]
    assert inner.settings["out_channels"] == Ref("channels")
    qtbot.mouseClick(form.rows["channels"].remove_button, Qt.MouseButton.LeftButton)
    assert [*form.rows] == ["depth"]
    inner = document.project.blocks["stage"].graph.nodes["conv2d_2"]
    assert inner.settings["out_channels"] == 8


def test_invalid_name_is_reverted(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    document.set_scope("stage")
    messages: list[str] = []
    document.message.connect(messages.append)
    enter_text(qtbot, inspector.page.form.rows["width"].name, "two words")
    assert len(messages) == 1
    assert inspector.page.form.rows["width"].name.text() == "width"


def test_tab_moves_through_the_fields_of_a_new_parameter(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_scope("stage")
    form = inspector.page.form
    inspector.activateWindow()
    qtbot.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(form.rows["parameter_1"].name.isVisible)
    for typed in ("depth", "3", "How deep.", ""):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClicks(focused, typed)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert parameters(document)[-1] == Parameter("depth", 3, "How deep.")
    assert QApplication.focusWidget() is form.add_button


@pytest.mark.parametrize(("typed", "message_count"), [("two words", 1), ("", 0)])
def test_invalid_name_keeps_the_row_and_the_focus(
    qtbot: QtBot, inspector: Inspector, document: Document, typed: str, message_count: int
) -> None:
    document.set_scope("stage")
    form, messages = inspector.page.form, []
    document.message.connect(messages.append)
    inspector.activateWindow()
    line = form.rows["width"].name
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, typed)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (line.text(), len(messages)) == ("width", message_count)
    assert QApplication.focusWidget() is line


def test_title_and_help_are_edited(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    document.set_scope("stage")
    form = inspector.page.form
    enter_text(qtbot, form.title, "Trunk")
    form.help.setFocus()
    qtbot.keyClicks(form.help, "Two convolutions")
    form.title.setFocus()
    block = document.project.blocks["stage"]
    assert (block.title, block.help) == ("Trunk", "Two convolutions")


def test_placement_shows_an_empty_field_for_each_inherited_parameter(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["stage_1"])
    editor = inspector.page.form.editors["width"]
    assert isinstance(editor, TextEditor)
    assert (editor.field.text(), editor.field.placeholderText()) == ("", "8 (default)")
    qtbot.keyClick(editor.field, Qt.Key.Key_Up)
    assert document.project.graph.nodes["stage_1"].settings["values"] == {"width": 9}
    type_into(qtbot, editor, "classes")
    assert document.project.graph.nodes["stage_1"].settings["values"] == {"width": Ref("classes")}
    editor.field.setFocus()
    editor.field.clear()
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert document.project.graph.nodes["stage_1"].settings["values"] == {}


def test_parameter_of_several_placements_is_set_at_once(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["stage_1", "stage_2"])
    assert isinstance(inspector.page, MultiSelectionPage)
    type_into(qtbot, inspector.page.form.editors["width"], "5")
    nodes = document.project.graph.nodes
    assert [nodes[node_id].settings["values"] for node_id in ("stage_1", "stage_2")] == [
        {"width": 5}
    ] * 2


def test_setting_in_a_block_can_be_linked_to_a_parameter(
    inspector: Inspector, document: Document
) -> None:
    document.set_scope("stage")
    document.set_selection(["conv2d_1"])
    choose_from_menu(inspector.page.form.editors["out_channels"], "width × 4 = 32")
    settings = document.project.blocks["stage"].graph.nodes["conv2d_1"].settings
    assert settings["out_channels"] == Ref("width", 4)
    choose_from_menu(inspector.page.form.editors["stride"], "width = 8")
    settings = document.project.blocks["stage"].graph.nodes["conv2d_1"].settings
    assert settings["stride"] == (Ref("width"), Ref("width"))
    choose_from_menu(inspector.page.form.editors["stride"], "Fixed number")
    settings = document.project.blocks["stage"].graph.nodes["conv2d_1"].settings
    assert settings["stride"] == (8, 8)


def test_setting_becomes_a_new_parameter_in_one_undo_step(
    inspector: Inspector, document: Document
) -> None:
    document.set_scope("stage")
    document.set_selection(["conv2d_1"])
    before = document.project
    choose_from_menu(inspector.page.form.editors["kernel_size"], "New parameter")
    assert parameters(document)[-1] == Parameter("kernel_size", 3)
    editor = inspector.page.form.editors["kernel_size"]
    assert isinstance(editor, TextEditor)
    assert editor.field.is_linked
    document.undo_stack.undo()
    assert document.project is before


def test_definition_stays_expanded_while_parameters_are_added(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["stage_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    assert page.definition_form is not None
    assert not page.is_definition_open
    qtbot.mouseClick(page.definition_section.header, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.definition_form.add_button, Qt.MouseButton.LeftButton)
    page = inspector.page
    assert isinstance(page, NodePage)
    assert page.is_definition_open
    assert "parameter_1" in page.form.editors


def test_open_button_enters_the_block(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["stage_2"])
    assert isinstance(inspector.page, NodePage)
    (open_button,) = [
        button
        for button in inspector.page.findChildren(QPushButton)
        if button.text() == "Open the block"
    ]
    qtbot.mouseClick(open_button, Qt.MouseButton.LeftButton)
    assert (document.scope, document.placement_path) == ("stage", ("stage_2",))


@pytest.mark.parametrize(
    ("waits_for", "output_text"),
    [
        ("stage_1.conv2d_1", "waiting for Conv2d"),
        ("input_1", "waiting for Input"),
        ("stage_2.0.conv2d_2", "waiting for Conv2d"),
    ],
)
def test_waiting_block_shows_the_title_of_the_missing_input(
    inspector: Inspector, document: Document, waits_for: str, output_text: str
) -> None:
    waiting = NodeReport("stage_1.conv2d_2", "conv2d", blocked_by=waits_for)
    document.set_report(Report({"stage_1.conv2d_2": waiting}))
    document.set_selection(["stage_1"])
    assert ("Output", output_text) in property_rows(document, "stage_1", 32)


def test_selected_layers_are_counted_by_title(inspector: Inspector, document: Document) -> None:
    document.set_selection(["input_1", "stage_1", "stage_2"])
    texts = [label.text() for label in inspector.page.findChildren(QLabel)]
    assert "1 × Input, 2 × Stage" in texts
