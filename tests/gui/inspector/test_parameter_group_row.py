"""The row of the inspector that shows and sets the parameter group."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group
from dlstudio.design.edits import set_settings, set_training
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.parameter_group_row import NEW_GROUP, ParameterGroupRow
from dlstudio.gui.training.group_edits import move_paths, split_group
from tests.gui.panel_designs import small_network


@pytest.fixture
def document() -> Document:
    return Document(group(small_network(), ["conv2d_1", "conv2d_2"], "Stage")[0])


@pytest.fixture
def inspector(qtbot: QtBot, document: Document) -> Inspector:
    widget = Inspector(document)
    qtbot.addWidget(widget)
    widget.resize(300, 1000)
    widget.show()
    return widget


def row_of(inspector: Inspector) -> ParameterGroupRow:
    return inspector.page.group_row


def choose_group(qtbot: QtBot, inspector: Inspector, text: str) -> None:
    """Choose the entry above or below the current one with an arrow key."""
    combo = row_of(inspector).combo
    combo.setFocus()
    steps = combo.findText(text) - combo.currentIndex()
    assert abs(steps) == 1
    qtbot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def selector_paths(document: Document) -> list[tuple[str, ...]]:
    return [group.selector.paths for group in document.project.training.groups]


def test_block_moves_to_a_new_group_and_back(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["stage_1"])
    assert row_of(inspector).combo.currentText() == "all"
    choose_group(qtbot, inspector, NEW_GROUP)
    assert selector_paths(document) == [("stage_1",), ()]
    assert row_of(inspector).combo.currentText() == "stage_1"
    document.undo_stack.undo()
    assert row_of(inspector).combo.currentText() == "all"
    document.undo_stack.redo()
    choose_group(qtbot, inspector, "all")
    assert selector_paths(document) == [()]


def test_only_layers_with_weights_are_moved_to_a_group(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    document.set_selection(["input_1"])
    assert row_of(inspector).isHidden()
    document.set_selection(["input_1", "stage_1"])
    choose_group(qtbot, inspector, NEW_GROUP)
    assert selector_paths(document) == [("stage_1",), ()]


def test_role_groups_cannot_be_edited(inspector: Inspector, document: Document) -> None:
    groups = (ParameterGroup("judge", Selector(role="realness")), ParameterGroup())
    training = replace(document.project.training, groups=groups)
    document.try_edit(lambda project: set_training(project, training), "Groups")
    document.set_selection(["stage_1"])
    assert row_of(inspector).isHidden()


def test_moving_a_block_moves_its_layers(document: Document) -> None:
    inner = ParameterGroup("inner", Selector(paths=("stage_1.conv2d_1",)), factor=0.1)
    training = replace(document.project.training, groups=(inner, ParameterGroup()))
    assert [group.name for group in split_group(training, ["stage_1"]).groups] == ["stage_1", "all"]
    split = split_group(training, ["linear_1"])
    merged = move_paths(split, ["stage_1"], 0)
    assert [group.selector.paths for group in merged.groups] == [("linear_1", "stage_1"), ()]


def test_block_shows_the_group_that_all_its_layers_share(
    inspector: Inspector, document: Document
) -> None:
    inner = ParameterGroup("inner", Selector(paths=("stage_1.conv2d_1",)), factor=0.1)
    both = replace(inner, selector=Selector(paths=("stage_1.conv2d_1", "stage_1.conv2d_2")))
    for layer_group, shown in ((inner, ""), (both, "inner")):
        training = replace(document.project.training, groups=(layer_group, ParameterGroup()))
        document.try_edit(lambda project, new=training: set_training(project, new), "Groups")
        document.set_selection(["stage_1"])
        assert row_of(inspector).combo.currentText() == shown


def test_repeated_block_shows_the_group_of_all_its_repeats(
    inspector: Inspector, document: Document
) -> None:
    document.try_edit(lambda project: set_settings(project, ["stage_1"], {"repeat": 2}), "Repeat")
    for paths, shown in (
        (("stage_1.0",), ""),
        (("stage_1.0", "stage_1.1"), "inner"),
    ):
        groups = (ParameterGroup("inner", Selector(paths=paths)), ParameterGroup())
        training = replace(document.project.training, groups=groups)
        document.try_edit(lambda project, new=training: set_training(project, new), "Groups")
        document.set_selection(["stage_1"])
        assert row_of(inspector).combo.currentText() == shown
