"""A design with an unknown task or data source, as after a package is removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_project_title, set_training
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Value
from dlstudio.gui.window.bottom_panel import TABS
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.panel_designs import example_document

Open = Callable[[str], Path]


def with_unknown_task(project: Project) -> Project:
    settings: dict[str, Value] = {"depth": 3, "moods": ("a", None)}
    return set_training(project, replace(project.training, task="dreaming", task_settings=settings))


def with_unknown_source(project: Project) -> Project:
    options: dict[str, Value] = {"path": "a/b", "shots": 1e-3}
    return set_data(project, replace(project.data, source="my-lab", options=options))


@pytest.fixture
def open_unknown(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Open:
    """Return a function that opens a design with an unknown task or an unknown source."""

    def open_design(part: str) -> Path:
        path = tmp_path / "unknown.dlstudio"
        change = {"task": with_unknown_task, "source": with_unknown_source}[part]
        save(change(example_document("digits-mlp", tmp_path).project), path)
        window.files.open_path(path)
        wait_until_checked(window, qtbot)
        return path

    return open_design


def visible_texts(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]
    return "\n".join(labels + [combo.currentText() for combo in widget.findChildren(QComboBox)])


@pytest.mark.parametrize(("part", "name"), [("task", "dreaming"), ("source", "my-lab")])
def test_unknown_name_is_a_problem_and_shown_in_the_form(
    window: MainWindow, qtbot: QtBot, open_unknown: Open, part: str, name: str
) -> None:
    open_unknown(part)
    assert f"'{name}'" in visible_texts(window.problems)
    assert name in visible_texts(window.inspector.page).lower()
    assert window.run_bar.menu_buttons["task" if part == "task" else "data"].value == name
    assert not window.run_bar.buttons["train"].isEnabled()
    for menu_button in window.run_bar.menu_buttons.values():
        menu_button.popup_menu.aboutToShow.emit()
    for tab in TABS:
        window.bottom.show_tab(tab)
        qtbot.wait(10)
    assert "Traceback" not in window.log.text()


@pytest.mark.parametrize("part", ["task", "source"])
def test_unknown_name_is_saved_as_it_was(window: MainWindow, open_unknown: Open, part: str) -> None:
    path = open_unknown(part)
    before = path.read_bytes()
    title = window.document.project.title
    window.document.apply(set_project_title(window.document.project, "Renamed"), "Rename")
    assert window.files.save()
    after = path.read_bytes()
    assert after != before
    assert after.replace(b"Renamed", title.encode()) == before


@pytest.mark.parametrize(
    ("part", "code"), [("task", "unknown-task"), ("source", "bad-data-setting")]
)
def test_fix_of_an_unknown_name_makes_the_design_trainable(
    window: MainWindow, qtbot: QtBot, open_unknown: Open, part: str, code: str
) -> None:
    open_unknown(part)
    problem = next(item for item in window.document.report.problems if item.code == code)
    window.document.repair(problem.repairs[0])
    wait_until_checked(window, qtbot)
    assert window.document.report.ok
    assert window.run_bar.buttons["train"].isEnabled()
    window.document.undo_stack.undo()
    wait_until_checked(window, qtbot)
    assert code in {item.code for item in window.document.report.problems}
