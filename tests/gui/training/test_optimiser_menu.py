"""The optimiser menu with several parameter groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.gui.document.document import Document
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.training.optimiser_menu import training_summary
from dlstudio.gui.training.run_bar import RunBar
from tests.gui.panel_designs import example_document


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """Return a design whose first layer has a tenth of the learning rate of the others."""
    design = example_document("xor-mlp", tmp_path)
    training = design.project.training
    others = training.groups[0]
    slower = replace(others.optimiser, learning_rate=others.optimiser.learning_rate / 10)
    first = ParameterGroup("R&D", Selector(paths=("linear_1",)), slower)
    design.load(set_training(design.project, replace(training, groups=(first, others))), None)
    return design


def all_actions(menu: QMenu, prefix: str = "") -> dict[str, QAction]:
    by_path: dict[str, QAction] = {}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            by_path |= all_actions(inner, f"{prefix}{action.text()}/")
        by_path[prefix + action.text()] = action
    return by_path


def optimiser_actions(bar: RunBar) -> dict[str, QAction]:
    menu = bar.menu_buttons["optimiser"].popup_menu
    menu.aboutToShow.emit()
    return all_actions(menu)


def rates(document: Document) -> list[float]:
    return [group.optimiser.learning_rate for group in document.project.training.groups]


def test_run_bar_shows_group_count_and_common_settings(bar: RunBar, document: Document) -> None:
    button = bar.menu_buttons["optimiser"]
    name = training_summary(document.project.training).split(" · ")[1]
    assert button.value == f"2 groups · {name}"
    assert [line.partition(":")[0] for line in button.toolTip().splitlines()[1:]] == ["R&D", "all"]
    optimiser_actions(bar)["All groups/Learning rate/0.01"].trigger()
    assert button.value == f"2 groups · {name} · 0.01"


def test_one_group_can_be_changed_alone(bar: RunBar, document: Document) -> None:
    before = rates(document)
    optimiser_actions(bar)["all/Learning rate/3e-4"].trigger()
    assert rates(document) == [before[0], 0.0003]
    optimiser_actions(bar)["R&&D/Schedule/Cosine"].trigger()
    groups = document.project.training.groups
    assert [group.schedule.name for group in groups] == ["cosine", "constant"]


def test_all_groups_are_changed_in_one_undo_step(bar: RunBar, document: Document) -> None:
    menu_actions = optimiser_actions(bar)
    assert not [
        title
        for title in menu_actions
        if menu_actions[title].isChecked() and "All groups/Learn" in title
    ]
    menu_actions["All groups/RMSprop"].trigger()
    groups = document.project.training.groups
    assert {group.optimiser.name for group in groups} == {"rmsprop"}
    assert document.undo_stack.count() == 1


def test_rate_changes_are_applied_per_group(qtbot: QtBot, bar: RunBar, document: Document) -> None:
    before = rates(document)
    bar.session.step()
    qtbot.waitUntil(lambda: bar.session.state == "paused", timeout=30_000)
    optimiser_actions(bar)["Learning rate now/÷ 10"].trigger()
    qtbot.waitUntil(lambda: len(bar.session.run.changes) == 2, timeout=10_000)
    optimiser_actions(bar)["Learning rate now/all/× 2"].trigger()
    qtbot.waitUntil(lambda: len(bar.session.run.changes) == 3, timeout=10_000)
    optimiser_actions(bar)["Apply run changes to the design"].trigger()
    assert rates(document) == pytest.approx([before[0] / 10, before[1] / 5])


def test_menu_separates_current_run_from_next_run(
    qtbot: QtBot, bar: RunBar, document: Document
) -> None:
    apply_theme("light")
    bar.session.step()
    qtbot.waitUntil(lambda: bar.session.state == "paused", timeout=30_000)
    button = bar.menu_buttons["optimiser"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    headings = [label for label in button.popup_menu.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in headings] == [
        "In this run, from the next step",
        "For the next run",
    ]
    assert all(label.width() >= label.sizeHint().width() for label in headings)
    tops = [label.mapTo(button.popup_menu, label.rect().topLeft()).y() for label in headings]
    positions = {
        action.text(): button.popup_menu.actionGeometry(action).y()
        for action in button.popup_menu.actions()
    }
    assert tops[0] < positions["Learning rate now"] < tops[1] < positions["All groups"]
    qtbot.keyClick(button.popup_menu, Qt.Key.Key_Down)
    assert button.popup_menu.activeAction().text() == "Learning rate now"
    button.popup_menu.close()
