from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.forms.setting_editors import MIXED, TextEditor
from dlstudio.gui.inspector.multi_selection_page import MultiSelectionPage
from tests.gui.inspector.inspectors import create_inspector
from tests.gui.panel_designs import (
    small_network,
    type_into,
)


def test_several_cards_are_edited_at_once(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1", "conv2d_2"])
    page = inspector.page
    assert isinstance(page, MultiSelectionPage)
    filters, kernel = page.form.editors["out_channels"], page.form.editors["kernel_size"]
    assert isinstance(filters, TextEditor)
    assert isinstance(kernel, TextEditor)
    assert filters.field.text() == MIXED
    assert kernel.field.text() == "3 × 3"
    type_into(qtbot, filters, "5")
    nodes = document.project.graph.nodes
    assert [nodes[node_id].settings["out_channels"] for node_id in ("conv2d_1", "conv2d_2")] == [
        5,
        5,
    ]
    assert document.undo_stack.count() == 1


def test_different_kinds_show_only_common_settings(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1", "linear_1"])
    page = inspector.page
    assert isinstance(page, MultiSelectionPage)
    assert "bias" in page.form.editors
    assert "out_channels" not in page.form.editors
