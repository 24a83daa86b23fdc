"""Runs of an unsaved design move beside its file on the first save."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.preferences import Preferences, store_preferences
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.storage.runs import list_runs, runs_dir_for

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def trained_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return a window with an example trained for one epoch; the save dialog returns a path."""
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(window.run_bar.buttons["step-epoch"].isEnabled, timeout=60_000)
    qtbot.mouseClick(window.run_bar.buttons["step-epoch"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    window.prompts.path = tmp_path / "mine.dlstudio"
    return window


def stop_run(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.run_bar.buttons["stop"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=60_000)


def run_names(path: Path | None) -> list[str]:
    return [run.name for run in list_runs(runs_dir_for(path))]


def test_preferred_run_folder_is_used_and_listed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    window.bottom.show_tab("runs")
    store_preferences(Preferences(runs_dir="~/my runs"))
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(window.run_bar.buttons["step-epoch"].isEnabled, timeout=60_000)
    qtbot.mouseClick(window.run_bar.buttons["step-epoch"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    stop_run(window, qtbot)
    assert Path(window.session.run.folder).parent == tmp_path / "my runs"
    assert window.run_controller.folder() == tmp_path / "my runs"
    qtbot.waitUntil(lambda: window.runs.tree.topLevelItemCount() == 1, timeout=20_000)
    store_preferences(Preferences())
    qtbot.waitUntil(lambda: window.runs.tree.topLevelItemCount() == 0, timeout=20_000)


@pytest.mark.parametrize("finished", [True, False])
def test_saving_moves_the_run_beside_the_file(
    trained_window: MainWindow, qtbot: QtBot, tmp_path: Path, finished: bool
) -> None:
    run = Path(trained_window.session.run.folder)
    if finished:
        stop_run(trained_window, qtbot)
    assert trained_window.files.save()
    if not finished:
        assert run.is_dir(), "an active run stays in its folder"
        stop_run(trained_window, qtbot)
    assert run_names(trained_window.document.path) == [run.name]
    assert run_names(None) == []
    trained_window.bottom.show_tab("runs")
    qtbot.waitUntil(lambda: trained_window.runs.tree.topLevelItemCount() == 1)
    assert Path(trained_window.session.run.folder) == tmp_path / "mine.runs" / run.name
    assert trained_window.run_controller.weights is not None
    assert trained_window.run_controller.weights.is_file()


def test_runs_are_not_moved_to_another_design(
    trained_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    run = Path(trained_window.session.run.folder)
    stop_run(trained_window, qtbot)
    trained_window.prompts.save = Answer.DISCARD
    assert trained_window.files.new()
    assert trained_window.files.save()
    assert run_names(None) == [run.name]
    assert not (tmp_path / "mine.runs").exists()
