"""Creating parameter groups from the menu, the inspector and the run bar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.parameter_group_row import NEW_GROUP
from dlstudio.gui.window.main_window import MainWindow


@pytest.fixture
def digits(window: MainWindow) -> MainWindow:
    window.files.open_example("digits-mlp")
    return window


def group_names(window: MainWindow) -> list[str]:
    return [group.name for group in window.document.project.training.groups]


def test_new_parameter_group_is_shown_for_editing(digits: MainWindow, qtbot: QtBot) -> None:
    digits.document.set_selection(["linear_1", "relu_1", "linear_2"])
    digits.menus.trigger("own-group")
    assert group_names(digits) == ["linear_1, linear_2", "all"]
    page = digits.inspector.page
    assert isinstance(page, NetworkPage)
    bar = page.training.group_bar
    assert bar.combo.currentText() == "linear_1, linear_2"
    qtbot.waitUntil(lambda: not bar.visibleRegion().isEmpty())
    rate_form = next(
        form for form in page.training.forms if "optimiser.learning_rate" in form.editors
    )
    assert not rate_form.editors["optimiser.learning_rate"].visibleRegion().isEmpty()
    factor_form = next(form for form in page.training.forms if "group.factor" in form.editors)
    line = factor_form.editors["group.factor"].findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "0.1")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [group.factor for group in digits.document.project.training.groups] == [0.1, 1.0]
    digits.document.undo_stack.undo()
    digits.document.undo_stack.undo()
    assert group_names(digits) == ["all"]


def test_layers_leave_their_previous_group(digits: MainWindow) -> None:
    for layers in (["linear_1", "linear_2"], ["linear_2"], ["linear_1"]):
        digits.document.set_selection(layers)
        digits.menus.trigger("own-group")
    groups = digits.document.project.training.groups
    assert [group.selector.paths for group in groups] == [("linear_1",), ("linear_2",), ()]


@pytest.mark.parametrize("selection", [[], ["relu_1"], ["input_1", "output_1"]])
def test_layers_without_weights_get_no_group(digits: MainWindow, selection: list[str]) -> None:
    digits.document.set_selection(selection)
    digits.menus.trigger("own-group")
    assert group_names(digits) == ["all"]


def test_role_groups_are_not_split(window: MainWindow) -> None:
    window.files.open_example("gan-ring")
    nodes = window.document.project.graph.nodes
    window.document.set_selection(list(nodes))
    before = window.document.project.training.groups
    window.menus.trigger("own-group")
    assert window.document.project.training.groups == before


def test_menu_and_inspector_offer_groups_alike(digits: MainWindow) -> None:
    document, action = digits.document, digits.menus.actions["own-group"]
    document.set_selection(["linear_1"])
    page = digits.inspector.page
    assert isinstance(page, NodePage)
    digits.menus.refresh()
    assert action.isEnabled()
    assert not page.group_row.isHidden()
    names = []
    for create_group in (
        lambda: digits.menus.trigger("own-group"),
        lambda: choose_new_group(digits),
    ):
        create_group()
        names.append(document.undo_stack.undoText())
        document.undo_stack.undo()
    assert names[0] == names[1]
    groups = (ParameterGroup("judge", Selector(role="realness")), ParameterGroup())
    training = replace(document.project.training, groups=groups)
    document.try_edit(lambda project: set_training(project, training), "Groups")
    document.set_selection(["linear_1"])
    digits.menus.refresh()
    page = digits.inspector.page
    assert isinstance(page, NodePage)
    assert not action.isEnabled()
    assert page.group_row.isHidden()


def choose_new_group(window: MainWindow) -> None:
    window.document.set_selection([])
    window.document.set_selection(["linear_1"])
    page = window.inspector.page
    assert isinstance(page, NodePage)
    combo = page.group_row.combo
    combo.setCurrentIndex(combo.findText(NEW_GROUP))
    combo.activated.emit(combo.currentIndex())


def test_run_bar_menu_creates_a_group_for_the_selection(digits: MainWindow) -> None:
    menu = digits.run_bar.menu_buttons["optimiser"].popup_menu

    def menu_texts() -> list[str]:
        menu.aboutToShow.emit()
        return [action.text() for action in menu.actions()]

    text = digits.menus.actions["own-group"].text().replace("&", "")
    assert text == "Separate learning rate for the selection"
    assert text not in menu_texts()
    digits.document.set_selection(["linear_3"])
    assert text in menu_texts()
    next(action for action in menu.actions() if action.text() == text).trigger()
    assert group_names(digits) == ["linear_3", "all"]
