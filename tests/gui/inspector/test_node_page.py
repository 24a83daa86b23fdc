from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QPushButton,
)
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group
from dlstudio.design.model.report import Cost
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.node_properties import cost_rows
from dlstudio.gui.widgets.collapsible_text import CollapsibleText
from dlstudio.insight.activations.activation_views import ActivationView, LayerView, SampleChoice
from tests.gui.inspector.inspectors import create_inspector, page_text
from tests.gui.panel_designs import (
    broken_network,
    chain,
    small_network,
    type_into,
)


def test_node_page_shows_shapes_and_costs(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    properties = dict(page.property_table.rows)
    assert properties["Input"] == "1×8×8"
    assert properties["Output"] == "4×6×6"
    assert properties["Parameters"] == "40"
    assert properties["Activation memory"].endswith("KiB")
    assert dict(cost_rows(Cost(), 32))["Activation memory"] == "none"
    assert "for a batch of 32" in page_text(inspector)
    assert "conv2d_1" in page_text(inspector)


def test_edit_changes_the_design_and_the_properties(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    type_into(qtbot, page.form.editors["out_channels"], "6")
    assert document.project.graph.nodes["conv2d_1"].settings["out_channels"] == 6
    assert dict(page.property_table.rows)["Parameters"] == "60"


def test_repeated_steps_are_one_undo_step(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    before = document.project
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    editor = page.form.editors["out_channels"]
    assert isinstance(editor, TextEditor)
    for _ in range(5):
        qtbot.keyClick(editor.field, Qt.Key.Key_Up)
    assert document.project.graph.nodes["conv2d_1"].settings["out_channels"] == 9
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before
    assert editor.field.text() == "4"


def test_invalid_value_does_not_change_the_design(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    before = document.project
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    type_into(qtbot, page.form.editors["out_channels"], "lots")
    assert document.project is before
    assert "lots" in page.form.editors["out_channels"].error_text


def test_repair_button_fixes_the_problem(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, broken_network())
    document.set_selection(["linear_1"])
    assert "missing-flatten" in [problem.code for problem in document.report.problems]
    repair = inspector.page.findChild(QPushButton, "repair")
    assert repair is not None
    qtbot.mouseClick(repair, Qt.MouseButton.LeftButton)
    assert document.report.problems == ()
    qtbot.waitUntil(lambda: inspector.page.findChild(QPushButton, "repair") is None)
    document.undo_stack.undo()
    assert "missing-flatten" in [problem.code for problem in document.report.problems]


def test_card_can_be_renamed(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    page.title.setFocus()
    qtbot.keyClicks(page.title, "Edges")
    qtbot.keyClick(page.title, Qt.Key.Key_Return)
    assert document.project.graph.nodes["conv2d_1"].title == "Edges"


def test_unknown_kind_is_shown_with_its_settings(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, chain(("warp", {"speed": 9})))
    document.set_selection(["warp_1"])
    assert "Unknown layer kind “warp”" in page_text(inspector)
    assert "speed = 9" in page_text(inspector)


def test_repeat_of_a_placed_block_is_set_in_its_form(qtbot: QtBot) -> None:

    project, node_id = group(small_network(), ["conv2d_1", "conv2d_2"], "Two convolutions")
    inspector, document = create_inspector(qtbot, project)
    document.set_selection([node_id])
    page = inspector.page
    assert isinstance(page, NodePage)
    assert "Two convolutions" in page.title.placeholderText()
    assert dict(page.property_table.rows)["Parameters"] == "336"
    type_into(qtbot, page.form.editors["repeat"], "2")
    assert document.project.graph.nodes[node_id].settings["repeat"] == 2
    page.form.editors["each_step"].toggle.toggled.emit(True)
    assert document.project.graph.nodes[node_id].settings["each_step"] is True


def activation_view(path: str) -> ActivationView:
    maps = np.random.default_rng(0).normal(size=(6, 8, 8)).astype(np.float32)
    layer = LayerView(
        "maps", maps, maps.shape, -3.0, 3.0, 0.0, np.ones(2, np.int64), maps[0, 0, :3]
    )
    return ActivationView(
        step=5, choice=SampleChoice(), samples=9, subsets=("test",), image=None, true_label="3",
        target=3, scores=np.zeros(10, np.float32), class_names=(), layers={path: layer},
        times={path: 0.114, "other": 5.0},
    )  # fmt: skip


def test_time_and_feature_maps_of_the_selected_layer_are_shown(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    assert "Measured" not in dict(page.property_table.rows)
    assert not page.output_preview.isVisible()
    inspector.show_view(activation_view("conv2d_1"))
    assert dict(page.property_table.rows)["Measured"] == "0.11 ms"
    assert page.output_preview.isVisible()
    assert page.output_preview.grid.accessibleName() == "6 feature maps"
    document.set_selection(["conv2d_2"])
    other = inspector.page
    assert isinstance(other, NodePage)
    assert not other.output_preview.isVisible()
    document.set_selection(["conv2d_1"])
    again = inspector.page
    assert isinstance(again, NodePage)
    assert again.output_preview.isVisible()
    inspector.show_view(None)
    assert not again.output_preview.isVisible()


def test_long_explanation_is_truncated_until_expanded(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    explanation = inspector.page.findChild(CollapsibleText)
    assert explanation is not None
    qtbot.waitUntil(lambda: explanation.is_truncated)
    line = explanation.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: explanation.height() < 5 * line)
    short = explanation.height()
    explanation.setFocus()
    qtbot.keyClick(explanation, Qt.Key.Key_Tab)
    qtbot.keyClick(explanation, Qt.Key.Key_Return)
    assert not explanation.is_truncated
    qtbot.waitUntil(lambda: explanation.height() > short)
