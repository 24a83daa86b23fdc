"""Saving, listing, placing and removing user blocks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.model.model import Project
from dlstudio.gui.document.user_library import blocks_folder, user_block_files
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.window.main_window import MainWindow


def with_block(kind: str = "relu") -> Project:
    project, last_id = Project(), None
    for layer_kind in ("input", kind, "tanh", "output"):
        project, last_id = edits.append_after(project, last_id, layer_kind)
    return group(project, [f"{kind}_1", "tanh_1"], "My cell")[0]


def find_palette_item(window: MainWindow, title: str, category: str) -> QTreeWidgetItem | None:
    tree = window.palette_panel.tree
    match = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return next(
        (
            item
            for item in tree.findItems(title, match)
            if item.parent() is not None and item.parent().text(0) == category
        ),
        None,
    )


@pytest.fixture
def window_with_block(window: MainWindow) -> MainWindow:
    window.document.load(with_block(), None)
    window.document.set_selection(["my_cell_1"])
    window.menus.trigger("keep-block")
    return window


def test_saved_block_can_be_placed_in_another_design(window_with_block: MainWindow) -> None:
    assert [*user_block_files()] == ["my-cell"]
    window_with_block.document.load(Project(), None)
    assert find_palette_item(window_with_block, "My cell", "Blocks of this design") is None
    item = find_palette_item(window_with_block, "My cell", "My blocks")
    assert item is not None
    tree = window_with_block.palette_panel.tree
    tree.scrollToItem(item)
    position = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert [*window_with_block.document.project.blocks] == ["my_cell"]
    assert window_with_block.document.project.graph.nodes.keys() == {"my_cell_1"}
    assert find_palette_item(window_with_block, "My cell", "Blocks of this design") is not None


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        (Answer.CANCEL, {"my-cell": "relu_1"}),
        (Answer.YES, {"my-cell": "gelu_1"}),
        (Answer.NO, {"my-cell": "relu_1", "my-cell-2": "gelu_1"}),
    ],
)
def test_saving_over_another_block_prompts(
    window_with_block: MainWindow, answer: Answer, stored: dict[str, str]
) -> None:
    window_with_block.menus.trigger("keep-block")
    assert window_with_block.prompts.calls == ["name block My cell"] * 2
    window_with_block.document.load(with_block("gelu"), None)
    window_with_block.prompts.block = answer
    window_with_block.document.set_scope("my_cell")
    window_with_block.menus.trigger("keep-block")
    assert window_with_block.prompts.calls[2:] == ["replace block My cell"]
    files = user_block_files()
    assert files.keys() == stored.keys()
    assert all(stored[name] in file.block.graph.nodes for name, file in files.items())


def test_card_title_is_the_proposed_name(window: MainWindow) -> None:
    window.document.load(edits.set_title(with_block(), "my_cell_1", "Encoder"), None)
    window.document.set_selection(["my_cell_1"])
    window.menus.trigger("keep-block")
    assert window.prompts.calls == ["name block Encoder"]
    assert [file.block.title for file in user_block_files().values()] == ["Encoder"]


def test_removing_a_saved_block_prompts(window_with_block: MainWindow) -> None:
    for answer, remaining in ((Answer.CANCEL, ["my-cell"]), (Answer.YES, [])):
        window_with_block.prompts.block = answer
        menu = window_with_block.palette_menu.open("mine:my-cell", QPoint(10, 10))
        next(action for action in menu.actions() if "Remove" in action.text()).trigger()
        menu.close()
        assert [*user_block_files()] == remaining
    assert find_palette_item(window_with_block, "My cell", "My blocks") is None
    assert "my_cell" in window_with_block.document.project.blocks


def test_unplaced_block_can_be_removed_from_the_design(window: MainWindow) -> None:
    window.document.load(with_block(), None)
    window.document.set_selection(["my_cell_1"])
    window.editor.delete_selection()
    menu = window.palette_menu.open("block:my_cell", QPoint(10, 10))
    next(action for action in menu.actions() if action.text() == "Remove from design").trigger()
    menu.close()
    assert window.document.project.blocks == {}
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert window.document.project.graph.nodes.keys() == {"input_1", "my_cell_1", "output_1"}


def test_damaged_block_file_is_reported_once(window_with_block: MainWindow) -> None:
    messages: list[str] = []
    window_with_block.document.message.connect(messages.append)
    (blocks_folder() / "bad.dlstudio-block").write_text("{")
    window_with_block.user_blocks.report_unreadable()
    window_with_block.user_blocks.report_unreadable()
    (line,) = messages
    assert line.startswith("My blocks: bad.dlstudio-block cannot be used: it is damaged")
    assert [*user_block_files()] == ["my-cell"]
