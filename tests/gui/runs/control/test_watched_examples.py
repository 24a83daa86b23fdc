"""Watching an example train is no unsaved work; training one's own design is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_project_title
from dlstudio.gui.runs.control import run_controller
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow


@pytest.fixture
def example(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)
    return window


def train(window: MainWindow, qtbot: QtBot, epochs: int = 1) -> None:
    window.session.train_more(epochs)
    qtbot.waitUntil(lambda: window.session.run.finished is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.session.state == IDLE)


def rename(window: MainWindow) -> None:
    document = window.document
    document.apply(set_project_title(document.project, "mine"), "Rename")


def test_watched_example_closes_without_a_question(example: MainWindow, qtbot: QtBot) -> None:
    train(example, qtbot)
    assert "not saved" not in example.title_label.text()
    assert example.run_controller.weights is not None
    assert example.close()
    assert example.prompts.calls == []


def test_watched_example_gives_way_to_another(example: MainWindow, qtbot: QtBot) -> None:
    train(example, qtbot)
    assert example.files.open_example("spirals-mlp")
    assert example.prompts.calls == []


def test_watched_example_can_be_saved_with_its_weights(
    example: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    train(example, qtbot)
    example.prompts.path = tmp_path / "mine.dlstudio"
    assert example.files.save()
    reference = example.document.project.weights
    assert reference is not None
    assert (tmp_path / reference.file).is_file()


@pytest.mark.parametrize("edit_first", [True, False])
def test_edited_example_is_asked_about(example: MainWindow, qtbot: QtBot, edit_first: bool) -> None:
    if edit_first:
        rename(example)
    train(example, qtbot)
    if not edit_first:
        rename(example)
    assert not example.close()
    assert example.prompts.calls == ["save xor-mlp.dlstudio, new weights"]


def test_long_run_of_an_example_is_asked_about(
    example: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_controller, "_LONG_RUN_SECONDS", 0.0)
    train(example, qtbot)
    assert not example.close()


def test_own_design_is_asked_about(example: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    example.prompts.path = tmp_path / "mine.dlstudio"
    assert example.files.save()
    train(example, qtbot)
    assert not example.close()
    assert example.prompts.calls[-1] == "save mine.dlstudio, new weights"


def test_design_opened_after_an_example_is_asked_about(example: MainWindow, qtbot: QtBot) -> None:
    project = example.document.project
    assert example.files.open_project(project)
    train(example, qtbot)
    assert not example.close()
