"""My blocks: kept from a design, listed, used elsewhere, removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.model import Project
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.own_blocks import blocks_folder, own_blocks
from dlstudio.gui.questions import Answer


def with_block(kind: str = "relu") -> Project:
    project, last_id = Project(), None
    for layer_kind in ("input", kind, "tanh", "output"):
        project, last_id = edits.append_after(project, last_id, layer_kind)
    return group(project, [f"{kind}_1", "tanh_1"], "My cell")[0]


def entry_of(window: MainWindow, title: str, heading: str) -> QTreeWidgetItem | None:
    tree = window.palette_panel.tree
    match = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return next(
        (
            item
            for item in tree.findItems(title, match)
            if item.parent() is not None and item.parent().text(0) == heading
        ),
        None,
    )


@pytest.fixture
def keeping(window: MainWindow) -> MainWindow:
    window.document.load(with_block(), None)
    window.document.set_selection(["my_cell_1"])
    window.menus.trigger("keep-block")
    return window


def test_a_kept_block_is_placed_in_another_design(keeping: MainWindow) -> None:
    assert [*own_blocks()] == ["my-cell"]
    keeping.document.load(Project(), None)
    assert entry_of(keeping, "My cell", "Blocks of this design") is None
    item = entry_of(keeping, "My cell", "My blocks")
    assert item is not None
    tree = keeping.palette_panel.tree
    tree.scrollToItem(item)
    position = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert [*keeping.document.project.blocks] == ["my_cell"]
    assert keeping.document.project.graph.nodes.keys() == {"my_cell_1"}
    assert entry_of(keeping, "My cell", "Blocks of this design") is not None


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (Answer.CANCEL, {"my-cell": "relu_1"}),
        (Answer.YES, {"my-cell": "gelu_1"}),
        (Answer.NO, {"my-cell": "relu_1", "my-cell-2": "gelu_1"}),
    ],
)
def test_another_block_of_the_same_name_is_asked_about(
    keeping: MainWindow, answer: Answer, kept: dict[str, str]
) -> None:
    keeping.menus.trigger("keep-block")
    assert keeping.questions.asked == ["name block My cell"] * 2
    keeping.document.load(with_block("gelu"), None)
    keeping.questions.block = answer
    keeping.document.set_scope("my_cell")
    keeping.menus.trigger("keep-block")
    assert keeping.questions.asked[2:] == ["replace block My cell"]
    files = own_blocks()
    assert files.keys() == kept.keys()
    assert all(kept[name] in file.block.graph.nodes for name, file in files.items())


def test_a_card_with_a_title_of_its_own_proposes_it(window: MainWindow) -> None:
    window.document.load(edits.set_title(with_block(), "my_cell_1", "Encoder"), None)
    window.document.set_selection(["my_cell_1"])
    window.menus.trigger("keep-block")
    assert window.questions.asked == ["name block Encoder"]
    assert [file.block.title for file in own_blocks().values()] == ["Encoder"]


def test_a_kept_block_is_removed_after_a_question(keeping: MainWindow) -> None:
    for answer, remaining in ((Answer.CANCEL, ["my-cell"]), (Answer.YES, [])):
        keeping.questions.block = answer
        menu = keeping.palette_menu.open("mine:my-cell", QPoint(10, 10))
        next(action for action in menu.actions() if "Remove" in action.text()).trigger()
        menu.close()
        assert [*own_blocks()] == remaining
    assert entry_of(keeping, "My cell", "My blocks") is None
    assert "my_cell" in keeping.document.project.blocks


def test_a_block_that_stands_nowhere_leaves_the_design(window: MainWindow) -> None:
    window.document.load(with_block(), None)
    window.document.set_selection(["my_cell_1"])
    window.editor.delete_selection()
    menu = window.palette_menu.open("block:my_cell", QPoint(10, 10))
    next(action for action in menu.actions() if action.text() == "Remove from the design").trigger()
    menu.close()
    assert window.document.project.blocks == {}
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert window.document.project.graph.nodes.keys() == {"input_1", "my_cell_1", "output_1"}


def test_a_damaged_file_is_told_once_on_one_line(keeping: MainWindow) -> None:
    messages: list[str] = []
    keeping.document.message.connect(messages.append)
    (blocks_folder() / "bad.dlstudio-block").write_text("{")
    keeping.own_blocks.tell_damage()
    keeping.own_blocks.tell_damage()
    (line,) = messages
    assert line.startswith("My blocks: bad.dlstudio-block cannot be used: it is damaged")
    assert [*own_blocks()] == ["my-cell"]
